package io.bertfinetune;

import io.bertfinetune.metric.Metrics;

/** A stopwatch that reports as Hugging Face's {@code speed_metrics} does. */
final class Speed {
    private final long start;

    Speed() {
        this(0);
    }

    /** A stopwatch that already shows so many nanoseconds. */
    Speed(long before) {
        this.start = System.nanoTime() - before;
    }

    long nanos() {
        return System.nanoTime() - start;
    }

    double seconds() {
        return Math.max(1, nanos()) / 1e9;
    }

    /** Adds {@code <prefix>_runtime} in seconds and both speeds since this was made. */
    Metrics report(Metrics numbers, String prefix, long samples, long steps) {
        double seconds = seconds();
        return numbers.with(prefix + "_runtime", seconds)
                .with(prefix + "_samples_per_second", samples / seconds)
                .with(prefix + "_steps_per_second", steps / seconds);
    }
}
