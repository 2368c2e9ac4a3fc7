package io.bertfinetune.metric;

import java.util.Objects;

/**
 * An example and what a model said about it.
 *
 * @param example the example
 * @param prediction the prediction
 * @param <E> example
 * @param <P> prediction
 */
public record Outcome<E, P>(E example, P prediction) {
    /**
     * Checks that nothing is null.
     *
     * @param example the example
     * @param prediction the prediction
     */
    public Outcome {
        Objects.requireNonNull(example, "example");
        Objects.requireNonNull(prediction, "prediction");
    }
}
