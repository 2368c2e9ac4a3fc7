package io.bertfinetune.ort.training;

import io.bertfinetune.error.AllocationException;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.graph.DataType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tensors whose shape changes from run to run, over memory that only grows. For one thread: what the host writes
 * before a run and reads after it. */
final class Reusable implements AutoCloseable {
    private final Engine engine;
    private final Map<String, Slot> slots = new HashMap<>();

    private static final class Slot {
        private DeviceTensor memory;
        private @Nullable DeviceTensor shaped;

        Slot(DeviceTensor memory) {
            this.memory = memory;
        }
    }

    Reusable(Engine engine) {
        this.engine = engine;
    }

    /**
     * The tensor of this name in this shape; what it held is lost if the shape changed.
     *
     * @throws AllocationException if there is no memory for it, or the host could not read it, of more than 2 GB
     */
    DeviceTensor get(String name, DataType type, long... shape) {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (size > Integer.MAX_VALUE / type.bytes()) {
            throw new AllocationException("tensor " + name + " " + Arrays.toString(shape)
                    + " is larger than the 2 GB that the host reads as one; use a smaller batch");
        }
        Slot slot = slots.computeIfAbsent(name, n -> new Slot(engine.allocateOnHost(type, size)));
        List<Long> dims = Arrays.stream(shape).boxed().toList();
        if (slot.shaped != null && slot.shaped.shape().equals(dims)) {
            return slot.shaped;
        }
        if (slot.shaped != null) {
            slot.shaped.close();
            slot.shaped = null;
        }
        if (slot.memory.size() < size) {
            slots.remove(name); // should there be no memory, nothing is left half done
            slot.memory.close();
            slot.memory = engine.allocateOnHost(type, size + size / 4);
            slots.put(name, slot);
        }
        DeviceTensor shaped = slot.memory.view(0, shape);
        slot.shaped = shaped;
        return shaped;
    }

    @Override
    public void close() {
        slots.values().forEach(slot -> slot.memory.close());
        slots.clear();
    }
}
