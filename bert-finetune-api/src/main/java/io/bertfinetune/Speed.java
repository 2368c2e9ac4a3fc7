package io.bertfinetune;

import io.bertfinetune.metric.Metrics;

/** A stopwatch that reports as Hugging Face's {@code speed_metrics} does. */
final class Speed {
    private final long start = System.nanoTime();

    /** Adds {@code <prefix>_runtime} in seconds and both speeds since this was made. */
    Metrics report(Metrics numbers, String prefix, long samples, long steps) {
        double seconds = Math.max(1, System.nanoTime() - start) / 1e9;
        return numbers.with(prefix + "_runtime", seconds)
                .with(prefix + "_samples_per_second", samples / seconds)
                .with(prefix + "_steps_per_second", steps / seconds);
    }
}
