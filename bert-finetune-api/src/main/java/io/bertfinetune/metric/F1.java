package io.bertfinetune.metric;

/**
 * The harmonic mean of precision and recall, 0 to 1; scikit-learn's {@code f1_score}. 0 where there is nothing to
 * divide by.
 *
 * <p>Averages are over the labels that occur, as truth or as prediction.
 */
public final class F1 extends ScoreOfLabels {
    private F1(Average average) {
        super("f1", (hits, predictions, truths) -> LabelScore.ratio(2 * hits, predictions + truths), average);
    }

    /**
     * The plain mean over labels: rare labels count as much as frequent ones.
     *
     * @return a metric {@code f1}
     */
    public static F1 macro() {
        return new F1(Average.macro());
    }

    /**
     * All decisions counted together; where each example has one label, the same number as accuracy.
     *
     * @return a metric {@code f1}
     */
    public static F1 micro() {
        return new F1(Average.micro());
    }

    /**
     * The mean over labels weighted by how often each is true.
     *
     * @return a metric {@code f1}
     */
    public static F1 weighted() {
        return new F1(Average.weighted());
    }

    /**
     * One label against all others, as GLUE does for two labels. Evaluation fails with an
     * {@link IllegalArgumentException} if the task has no such label.
     *
     * @param positiveLabel the label that is to be found
     * @return a metric {@code f1}
     */
    public static F1 of(String positiveLabel) {
        return new F1(Average.ofLabel(positiveLabel));
    }
}
