package io.bertfinetune.ort.training;

import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.graph.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The gradient of MiniLM's word embeddings from 16 × 128 tokens: rows added up, and forgotten again. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EmbeddingRowsBenchmark {
    private static final String TABLE = "word_embeddings.weight";
    private static final int WORDS = 30522;
    private static final int WIDTH = 384;
    private static final int TOKENS = 16 * 128;

    private final OrtEngine engine = OrtEngine.cpu();
    private final Workers workers = new Workers(1);
    private final GradientStore store = new GradientStore(
            engine,
            workers,
            new ParameterStore.Layout(List.of(new ParameterInfo(TABLE, List.of(WORDS, WIDTH))), Set.of(TABLE)),
            Set.of(TABLE));
    private final long[] words = new SplittableRandom(1).longs(TOKENS, 1, WORDS).toArray();
    private final DeviceTensor ids = engine.allocate(DataType.INT64, TOKENS);
    private final DeviceTensor rows = engine.allocate(DataType.FLOAT, TOKENS, WIDTH);
    private final float[] table = new float[WORDS * WIDTH];
    private final float[] row = new float[WIDTH];

    /** Makes up token ids. */
    public EmbeddingRowsBenchmark() {
        ids.write(bytes -> Arrays.stream(words).forEach(bytes::putLong));
        Arrays.fill(row, 0.5f);
    }

    /** Adds the rows and forgets them, as a step does. */
    @Benchmark
    public void addRows() {
        store.addRows(TABLE, ids, rows, 0);
        store.reset();
    }

    /**
     * Adds to a table on the heap and clears all of it.
     *
     * @return a number of the table
     */
    @Benchmark
    public float plainLoop() {
        for (long word : words) {
            int at = Math.toIntExact(word) * WIDTH;
            for (int i = 0; i < WIDTH; i++) {
                table[at + i] += row[i];
            }
        }
        float one = table[Math.toIntExact(words[0]) * WIDTH];
        Arrays.fill(table, 0);
        return one;
    }

    /** Frees everything. */
    @TearDown
    public void close() {
        store.close();
        workers.close();
        ids.close();
        rows.close();
        engine.close();
    }
}
