package io.bertfinetune.prediction;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One label out of several, with the probability of each.
 *
 * @param label the most probable label
 * @param probabilities the probability of every label, in the order of the task; they add up to 1
 */
public record Classification(String label, Map<String, Double> probabilities) {
    /**
     * Keeps the order of the labels and checks that the chosen one is among them.
     *
     * @param label the most probable label
     * @param probabilities the probability of every label, in the order of the task; they add up to 1
     */
    public Classification {
        probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
        if (!probabilities.containsKey(label)) {
            throw new IllegalArgumentException(
                    "Classification: label '" + label + "' is not among " + probabilities.keySet());
        }
    }

    /**
     * The probability of the chosen label.
     *
     * @return a number from 0 to 1
     */
    public double score() {
        return probabilities.getOrDefault(label, 0.0);
    }
}
