package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.ort.engine.PlacedTensor;
import io.bertfinetune.ort.graph.DataType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Numbers in memory of the host or of a device. */
final class CApiTensor extends PlacedTensor<NativeMemory> {
    private final CApiEngine engine;
    private @Nullable OrtValue value;

    CApiTensor(CApiEngine engine, NativeMemory memory, DataType type, List<Long> shape) {
        super(memory, type, shape);
        this.engine = engine;
    }

    private CApiTensor(CApiTensor parent, long from, List<Long> shape) {
        super(parent, from, shape);
        this.engine = parent.engine;
    }

    @Override
    protected CApiTensor part(long from, List<Long> dims) {
        return new CApiTensor(this, from, dims);
    }

    /** The engine that keeps it. */
    CApiEngine engine() {
        return engine;
    }

    @Override
    public boolean isOnHost() {
        return memory().isOnHost();
    }

    @Override
    public void write(Consumer<ByteBuffer> writer) {
        requireOpen();
        memory().write(start(), bytes(), writer);
    }

    @Override
    public void read(Consumer<ByteBuffer> reader) {
        requireOpen();
        memory().read(start(), bytes(), reader);
    }

    /** Where it begins, in its device's terms. */
    long address() {
        requireOpen();
        return memory().address() + start();
    }

    /** The tensor as ONNX Runtime sees it: made once. */
    synchronized Pointer value() {
        requireOpen();
        if (value == null) {
            long[] dims = shape().stream().mapToLong(Long::longValue).toArray();
            try {
                value = OrtValue.of(
                        engine.env().api(),
                        memory().info(),
                        memory().address() + start(),
                        bytes(),
                        type().onnxCode(),
                        dims);
            } catch (OrtStatusException e) {
                throw new EngineException("ONNX Runtime refuses a tensor " + this + ": " + e.getMessage(), e);
            }
        }
        return value.handle();
    }

    @Override
    protected void forgetHandle() {
        if (value != null) {
            value.close();
            value = null;
        }
    }
}
