package io.bertfinetune.metric;

import io.bertfinetune.prediction.Classification;
import java.util.Set;

/** The label that is to be found among those of a task. */
final class PositiveLabel {
    private PositiveLabel() {}

    /** How probable the label is. */
    static double probability(String label, Classification classification) {
        check(label, classification.probabilities().keySet());
        return classification.probabilities().getOrDefault(label, 0.0);
    }

    /**
     * Checks that a task has the label.
     *
     * @throws IllegalArgumentException if it has not; the message lists those it has
     */
    static void check(String label, Set<String> taskLabels) {
        if (!taskLabels.contains(label)) {
            throw new IllegalArgumentException(
                    "positive label '" + label + "' is not a label of the task; there are " + taskLabels);
        }
    }
}
