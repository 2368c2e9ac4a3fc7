package io.bertfinetune.metric;

import java.util.Objects;
import java.util.function.ToLongFunction;

/** How the scores of several labels become one number; scikit-learn's {@code average}. */
@FunctionalInterface
interface Average {
    double of(LabelCounts counts, LabelScore score);

    /** The score of all decisions counted together. */
    static Average micro() {
        return (counts, score) -> score.of(counts.totalHits(), counts.total(), counts.total());
    }

    /** The plain mean over the labels that occur. */
    static Average macro() {
        return (counts, score) -> mean(counts, score, label -> 1);
    }

    /** The mean over the labels, weighted by how often each is true. */
    static Average weighted() {
        return (counts, score) -> mean(counts, score, counts::truths);
    }

    /** The score of one label against all others. */
    static Average ofLabel(String label) {
        Objects.requireNonNull(label, "label");
        return (counts, score) -> {
            if (!counts.taskLabels().isEmpty()) {
                PositiveLabel.check(label, counts.taskLabels());
            }
            return score(counts, score, label);
        };
    }

    private static double mean(LabelCounts counts, LabelScore score, ToLongFunction<String> weight) {
        double sum = 0;
        long weights = 0;
        for (String label : counts.labels()) {
            sum += weight.applyAsLong(label) * score(counts, score, label);
            weights += weight.applyAsLong(label);
        }
        return weights == 0 ? 0 : sum / weights;
    }

    private static double score(LabelCounts counts, LabelScore score, String label) {
        return score.of(counts.hits(label), counts.predictions(label), counts.truths(label));
    }
}
