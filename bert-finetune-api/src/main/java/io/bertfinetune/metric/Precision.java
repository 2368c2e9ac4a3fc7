package io.bertfinetune.metric;

/**
 * The share of the predictions of a label that are right, 0 to 1; scikit-learn's {@code precision_score}. 0 where
 * there is nothing to divide by.
 *
 * <p>Averages are over the labels that occur, as truth or as prediction.
 */
public final class Precision extends ScoreOfLabels {
    private Precision(Average average) {
        super("precision", (hits, predictions, truths) -> LabelScore.ratio(hits, predictions), average);
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
}
