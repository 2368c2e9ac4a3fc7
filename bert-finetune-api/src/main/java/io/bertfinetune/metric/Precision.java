package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.stream.Collector;

/**
 * The share of the predictions of a label that are right, 0 to 1; scikit-learn's {@code precision_score}. 0 where
 * there is nothing to divide by.
 *
 * <p>Averages are over the labels that occur, as truth or as prediction.
 */
public final class Precision implements Metric<Example<?, String>, Classification> {
    private final Average average;

    private Precision(Average average) {
        this.average = average;
    }

    /**
     * The plain mean over labels: rare labels count as much as frequent ones.
     *
     * @return a metric {@code precision}
     */
    public static Precision macro() {
        return new Precision(Average.macro());
    }

    /**
     * All decisions counted together; where each example has one label, the same number as accuracy.
     *
     * @return a metric {@code precision}
     */
    public static Precision micro() {
        return new Precision(Average.micro());
    }

    /**
     * The mean over labels weighted by how often each is true.
     *
     * @return a metric {@code precision}
     */
    public static Precision weighted() {
        return new Precision(Average.weighted());
    }

    /**
     * One label against all others, as GLUE does for two labels. Evaluation fails with an
     * {@link IllegalArgumentException} if the task has no such label.
     *
     * @param positiveLabel the label that is to be found
     * @return a metric {@code precision}
     */
    public static Precision of(String positiveLabel) {
        return new Precision(Average.ofLabel(positiveLabel));
    }

    @Override
    public String name() {
        return "precision";
    }

    @Override
    public Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector() {
        return LabelCounts.collector(name(), counts -> average.of(counts, Precision::precision));
    }

    private static double precision(long hits, long predictions, long truths) {
        return LabelScore.ratio(hits, predictions);
    }
}
