package io.bertfinetune.metric;

import java.util.DoubleSummaryStatistics;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** The mean of one number an outcome, from a sum that keeps what rounding loses. */
final class Mean {
    private Mean() {}

    /** A collector of the mean under a name; NaN if there are no outcomes. */
    static <O> Collector<O, ?, Metrics> collector(String name, ToDoubleFunction<O> number) {
        return Collectors.collectingAndThen(
                Collectors.<O>summarizingDouble(number), numbers -> Metrics.of(name, of(numbers)));
    }

    private static double of(DoubleSummaryStatistics numbers) {
        return numbers.getCount() == 0 ? Double.NaN : numbers.getAverage();
    }
}
