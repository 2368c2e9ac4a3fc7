package io.bertfinetune.ort.training;

import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gradients of the summed loss, added up over the batches since the last reset.
 *
 * <p>The first batch's gradients are written where they are kept; those of later batches are written beside and added. The
 * gradient of a large table comes as rows: they are added to the table's rows here, and only rows that were touched are
 * ever reset or measured.
 */
final class GradientStore implements AutoCloseable {
    /** Numbers in a piece: so few that they stay near a core, so many that starting a run is no matter. */
    private static final int ON_HOST = 3 << 15;

    /** Numbers in a piece on another device: what makes a launch there worth while. */
    private static final int ELSEWHERE = 1 << 24;

    private final Engine engine;
    private final Workers workers;
    private final ParameterStore.Layout layout;
    private final ParameterStore sums;
    private final Map<String, BitSet> touched = new LinkedHashMap<>();
    private final long denseSize;
    private final Executable addition;
    private final int piece;
    private final DeviceTensor partial;
    private final List<Runnable> sumsOfSquares = new ArrayList<>();
    private final Owned owned = new Owned();
    private Optional<ParameterStore> beside = Optional.empty();
    private boolean empty = true;

    /**
     * Room for the gradients of these parameters.
     *
     * @param tables the parameters whose gradients come as rows, which lie last in the layout
     */
    GradientStore(Engine engine, Workers workers, ParameterStore.Layout layout, Set<String> tables) {
        this.engine = engine;
        this.workers = workers;
        this.layout = layout;
        this.piece = pieceSize(engine);
        this.denseSize = denseSize(layout, tables);
        tables.forEach(table -> touched.put(table, new BitSet()));
        try {
            this.addition = owned.add(engine.compileForPieces(addition()), Executable::close);
            Executable squares = owned.add(engine.compileForPieces(squares()), Executable::close);
            this.sums = owned.add(new ParameterStore(engine, layout), ParameterStore::close);
            this.partial = owned.add(engine.allocate(DataType.FLOAT, pieces(denseSize)), DeviceTensor::close);
            for (int i = 0; i < pieces(denseSize); i++) {
                long start = (long) i * piece;
                sumsOfSquares.add(squares.bind(
                        Map.of("x", sums.piece(start, Math.min(piece, denseSize - start))),
                        Map.of("squares", partial.view(i))));
            }
        } catch (RuntimeException | Error e) {
            owned.closeAfter(e);
            throw e;
        }
    }

    /** Where the first table begins. */
    private static long denseSize(ParameterStore.Layout layout, Set<String> tables) {
        long dense = layout.size();
        for (ParameterInfo parameter : layout.inMemory()) {
            boolean isTable = tables.contains(parameter.name());
            if (isTable) {
                dense = Math.min(dense, layout.offset(parameter.name()));
            } else if (dense < layout.size()) {
                throw new IllegalArgumentException("parameter " + parameter.name() + " lies behind a table of " + tables
                        + "; expected tables last");
            }
        }
        return dense;
    }

    /** The sums, in the layout of the parameters. */
    ParameterStore sums() {
        return sums;
    }

    /** The rows of each table that were touched since the last reset, as they are at any time. */
    Map<String, BitSet> touched() {
        return java.util.Collections.unmodifiableMap(touched);
    }

    /** Whether nothing has been added since the last reset. */
    boolean isEmpty() {
        return empty;
    }

    /** Where the next batch's gradients are to be written, by parameter; tables apart. */
    Map<String, DeviceTensor> targets() {
        Map<String, DeviceTensor> targets = new LinkedHashMap<>(store().all());
        targets.keySet().removeAll(touched.keySet());
        return targets;
    }

    /** Adds what was written to {@link #targets}. */
    void addWritten() {
        if (!empty) {
            ParameterStore written = store();
            workers.forEach(pieces(denseSize), i -> {
                long start = (long) i * piece;
                long count = Math.min(piece, denseSize - start);
                try (DeviceTensor sum = sums.piece(start, count);
                        DeviceTensor added = written.piece(start, count)) {
                    addition.run(Map.of("sum", sum, "added", added), Map.of("new.sum", sum));
                }
            });
        }
        empty = false;
    }

    /**
     * Adds rows to the rows of a table.
     *
     * @param padding the id whose row never learns, PyTorch's {@code padding_idx}
     */
    void addRows(String table, DeviceTensor ids, DeviceTensor rows, long padding) {
        BitSet seen = java.util.Objects.requireNonNull(touched.get(table), table);
        int width = Math.toIntExact(rows.shape().get(rows.shape().size() - 1));
        float[] added = new float[width];
        float[] sum = new float[width];
        ids.read(idBytes -> rows.read(rowBytes -> sums.write(table, target -> {
            LongBuffer id = idBytes.asLongBuffer();
            FloatBuffer row = rowBytes.asFloatBuffer();
            while (id.hasRemaining()) {
                int to = Math.toIntExact(id.get());
                row.get(added);
                if (to == padding) {
                    continue;
                }
                seen.set(to);
                target.get(to * width, sum);
                for (int i = 0; i < width; i++) {
                    sum[i] += added[i];
                }
                target.put(to * width, sum);
            }
        })));
        empty = false;
    }

    /** The L2 norm of all sums together. */
    double norm() {
        workers.forEach(sumsOfSquares.size(), i -> sumsOfSquares.get(i).run());
        double total = 0;
        FloatBuffer ofPieces = ParameterStore.numbers(partial);
        while (ofPieces.hasRemaining()) {
            total += ofPieces.get();
        }
        for (String table : touched.keySet()) {
            total += squaresOfRows(table);
        }
        return Math.sqrt(total);
    }

    private double squaresOfRows(String table) {
        int width = width(table);
        float[] row = new float[width];
        double[] total = new double[1];
        sums.read(
                table,
                numbers -> rows(table).stream().forEach(at -> {
                    numbers.get(at * width, row);
                    double sum = 0;
                    for (float x : row) {
                        sum += (double) x * x;
                    }
                    total[0] += sum;
                }));
        return total[0];
    }

    /** Forgets everything. */
    void reset() {
        for (String table : touched.keySet()) {
            float[] zeros = new float[width(table)];
            sums.write(table, numbers -> rows(table).stream().forEach(at -> numbers.put(at * zeros.length, zeros)));
            rows(table).clear();
        }
        empty = true;
    }

    private BitSet rows(String table) {
        return java.util.Objects.requireNonNull(touched.get(table), table);
    }

    private int width(String table) {
        return Math.toIntExact(sums.get(table).shape().get(1));
    }

    private ParameterStore store() {
        if (empty) {
            return sums;
        }
        if (beside.isEmpty()) {
            beside = Optional.of(owned.add(new ParameterStore(engine, layout), ParameterStore::close));
        }
        return beside.get();
    }

    /** How many numbers are best treated in one run. */
    static int pieceSize(Engine engine) {
        return engine.isOnHost() ? ON_HOST : ELSEWHERE;
    }

    private int pieces(long size) {
        return Math.toIntExact((size + piece - 1) / piece);
    }

    private static Program addition() {
        Graph graph = new Graph();
        Shape row = Shape.of(Dim.named("count"));
        Value sum = graph.input("sum", DataType.FLOAT, row);
        Value added = graph.input("added", DataType.FLOAT, row);
        return new Program("sum of gradients", Map.of("new.sum", sum.plus(added)), Map.of("new.sum", "sum"));
    }

    private static Program squares() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(Dim.named("count")));
        return Program.of("norm of gradients", Map.of("squares", x.times(x).sum()));
    }

    @Override
    public void close() {
        owned.close();
    }
}
