package io.bertfinetune.ort.training;

import io.bertfinetune.ort.engine.DeviceTensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The update of a table of which few rows ever had a gradient, by a formula that leaves the others as they are (see
 * {@link Resting}): its rows are gathered into packs that fit a core's cache, updated there and put back. Most words of a
 * vocabulary are in no text of a task.
 */
final class TableUpdate {
    private final Map<String, DeviceTensor> table;
    private final Set<String> written;
    private final int rows;
    private final int width;
    private final BitSet touched;
    private final List<Runnable> whole;
    private final BlockingQueue<Pack> idle;
    private final int packRows;
    private final BitSet ever = new BitSet();

    /**
     * Room for some rows, and the formula on it.
     *
     * @param tensors by the names of the formula's inputs
     * @param update computes the new numbers in place
     */
    record Pack(Map<String, DeviceTensor> tensors, Runnable update) {}

    /**
     * Prepares the update.
     *
     * @param table value, gradient and states, by the names of the formula's inputs
     * @param written the names of those that the formula writes
     * @param touched the rows that have a gradient now
     * @param whole the update of all rows, in pieces
     * @param packs room for rows, as many as threads work at the same time
     */
    TableUpdate(
            Map<String, DeviceTensor> table,
            Set<String> written,
            BitSet touched,
            List<Runnable> whole,
            List<Pack> packs) {
        DeviceTensor values = of(table, UpdateRule.VALUE);
        this.table = Map.copyOf(table);
        this.written = Set.copyOf(written);
        this.rows = Math.toIntExact(values.shape().get(0));
        this.width = Math.toIntExact(values.size() / rows);
        this.touched = touched;
        this.whole = List.copyOf(whole);
        this.idle = new LinkedBlockingQueue<>(packs);
        this.packRows =
                Math.toIntExact(of(packs.get(0).tensors(), UpdateRule.VALUE).size() / width);
    }

    /** What is to be done in this step, in any order and by any threads. */
    List<Runnable> work() {
        ever.or(touched);
        int count = ever.cardinality();
        // Gathering costs something for each row.
        if (count > rows * 3L / 4) {
            return whole;
        }
        int[] all = ever.stream().toArray();
        List<Runnable> work = new ArrayList<>();
        for (int from = 0; from < count; from += packRows) {
            int first = from;
            int last = Math.min(from + packRows, count);
            work.add(() -> update(all, first, last));
        }
        return work;
    }

    /** Sees which rows have states, after these were read from a file. */
    void statesRead() {
        ever.clear();
        table.forEach((name, tensor) -> {
            if (name.startsWith(UpdateRule.STATE)) {
                tensor.read(bytes -> {
                    FloatBuffer numbers = bytes.asFloatBuffer();
                    for (int i = 0; i < numbers.limit(); i++) {
                        if (numbers.get(i) != 0) {
                            ever.set(i / width);
                        }
                    }
                });
            }
        });
    }

    private static DeviceTensor of(Map<String, DeviceTensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    private void update(int[] all, int first, int last) {
        Pack pack = idle.remove(); // there is one for every thread
        try {
            pack.tensors()
                    .forEach((name, packed) -> packed.write(bytes -> {
                        FloatBuffer to = bytes.asFloatBuffer();
                        of(table, name).read(source -> {
                            FloatBuffer from = source.asFloatBuffer();
                            for (int i = first; i < last; i++) {
                                to.put((i - first) * width, from, all[i] * width, width);
                            }
                        });
                    }));
            pack.update().run();
            for (String name : written) {
                of(table, name).write(bytes -> {
                    FloatBuffer to = bytes.asFloatBuffer();
                    of(pack.tensors(), name).read(source -> {
                        FloatBuffer from = source.asFloatBuffer();
                        for (int i = first; i < last; i++) {
                            to.put(all[i] * width, from, (i - first) * width, width);
                        }
                    });
                });
            }
        } finally {
            idle.add(pack);
        }
    }
}
