package io.bertfinetune.metric;

import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * A number, or several, that say how good predictions are: a name and a {@link Collector} over outcomes. Evaluation
 * feeds the collector outcome by outcome; what the collector keeps of them is all that stays in memory.
 *
 * <p>One of your own is a collector from {@link Collectors}:
 *
 * <pre>{@code
 * Metric<Example<Text, String>, Classification> refundRecall = Metric.of("refund_recall", filtering(
 *         o -> o.example().label().equals("refund"),
 *         averagingDouble(o -> o.prediction().label().equals("refund") ? 1 : 0)));
 * }</pre>
 *
 * @param <E> the examples it looks at
 * @param <P> the predictions it looks at
 */
public interface Metric<E, P> {
    /**
     * The name, {@code f1} for instance; evaluation puts {@code eval_} in front.
     *
     * @return the name
     */
    String name();

    /**
     * How outcomes become numbers.
     *
     * @return a collector whose result has named numbers, or details, which are no numbers, or both
     */
    Collector<Outcome<? extends E, ? extends P>, ?, Metrics> collector();

    /**
     * Whether more is better: what {@code metricForBestModel} and early stopping go by.
     *
     * @return true unless overridden
     */
    default boolean greaterIsBetter() {
        return true;
    }

    /**
     * A metric of one number, of which more is better.
     *
     * @param name its name
     * @param collector how outcomes become the number
     * @param <E> the examples it looks at
     * @param <P> the predictions it looks at
     * @return the metric
     */
    static <E, P> Metric<E, P> of(String name, Collector<Outcome<? extends E, ? extends P>, ?, Double> collector) {
        return new NamedMetric<>(name, Collectors.collectingAndThen(collector, value -> Metrics.of(name, value)), true);
    }

    /**
     * The same metric, of which less is better.
     *
     * @return a new metric
     */
    default Metric<E, P> lowerIsBetter() {
        return new NamedMetric<>(name(), collector(), false);
    }
}
