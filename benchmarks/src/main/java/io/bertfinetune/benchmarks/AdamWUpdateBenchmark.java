package io.bertfinetune.benchmarks;

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
    private final TemporaryFolder folder = new TemporaryFolder();
    private final OwnTraining training;

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

    /** Closes the model and removes its files. */
    @TearDown
    public void close() {
        training.close();
        folder.close();
    }
}
