package io.bertfinetune.metric;

/**
 * The share of the examples of a label that are found, 0 to 1; scikit-learn's {@code recall_score}. 0 where there is
 * nothing to divide by.
 *
 * <p>Averages are over the labels that occur, as truth or as prediction.
 */
public final class Recall extends ScoreOfLabels {
    private Recall(Average average) {
        super("recall", (hits, predictions, truths) -> LabelScore.ratio(hits, truths), average);
    }

    /**
     * The plain mean over labels: rare labels count as much as frequent ones.
     *
     * @return a metric {@code recall}
     */
    public static Recall macro() {
        return new Recall(Average.macro());
    }

    /**
     * All decisions counted together; where each example has one label, the same number as accuracy.
     *
     * @return a metric {@code recall}
     */
    public static Recall micro() {
        return new Recall(Average.micro());
    }

    /**
     * The mean over labels weighted by how often each is true.
     *
     * @return a metric {@code recall}
     */
    public static Recall weighted() {
        return new Recall(Average.weighted());
    }

    /**
     * One label against all others, as GLUE does for two labels. Evaluation fails with an
     * {@link IllegalArgumentException} if the task has no such label.
     *
     * @param positiveLabel the label that is to be found
     * @return a metric {@code recall}
     */
    public static Recall of(String positiveLabel) {
        return new Recall(Average.ofLabel(positiveLabel));
    }
}
