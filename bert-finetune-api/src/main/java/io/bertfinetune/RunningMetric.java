package io.bertfinetune;

import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collector;

/**
 * A metric's collector at work: outcomes go in one by one, and what it keeps of them is all that stays in memory.
 *
 * @param add takes an outcome
 * @param result gives the numbers over all outcomes taken
 */
record RunningMetric<E, P>(Consumer<Outcome<E, P>> add, Supplier<Metrics> result) {
    static <E, P> RunningMetric<E, P> of(Metric<? super E, ? super P> metric) {
        return running(metric.collector());
    }

    private static <E, P, A> RunningMetric<E, P> running(Collector<? super Outcome<E, P>, A, Metrics> collector) {
        A kept = collector.supplier().get();
        return new RunningMetric<>(
                outcome -> collector.accumulator().accept(kept, outcome),
                () -> collector.finisher().apply(kept));
    }
}
