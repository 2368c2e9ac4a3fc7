package io.bertfinetune.benchmarks;

import java.util.Arrays;
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

/** The AdamW update of every weight of a model of MiniLM's sizes, without forward and backward. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AdamWUpdateBenchmark {
    private static final int NUMBERS = BertSize.MINILM.parameters().values().stream()
            .mapToInt(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
            .sum();

    private final TemporaryFolder folder = new TemporaryFolder();
    private final OwnTraining training;
    private final PlainAdamW plain = new PlainAdamW(NUMBERS);

    /** Opens the model and gives it gradients. */
    public AdamWUpdateBenchmark() {
        StepWork.ofMiniLm().writeTo(folder.path());
        training = OwnTraining.open(folder.path());
        training.accumulate();
    }

    /** One update. */
    @Benchmark
    public void step() {
        training.update();
    }

    /**
     * The same on as many numbers, in a loop on one thread.
     *
     * @return a weight
     */
    @Benchmark
    public float plainLoop() {
        return plain.update();
    }

    /** Closes the model and removes its files. */
    @TearDown
    public void close() {
        training.close();
        folder.close();
    }
}
