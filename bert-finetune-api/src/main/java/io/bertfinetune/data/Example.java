package io.bertfinetune.data;

import java.util.Objects;

/**
 * An input with the label a model is to learn for it.
 *
 * @param input what the model reads
 * @param label what it should say
 * @param <I> input, {@code Text} for example
 * @param <L> label, {@code String} for example
 */
public record Example<I, L>(I input, L label) {
    /**
     * Checks that nothing is null.
     *
     * @param input what the model reads
     * @param label what it should say
     */
    public Example {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(label, "label");
    }

    /**
     * This input, labelled.
     *
     * @param input what the model reads
     * @param label what it should say
     * @param <I> input
     * @param <L> label
     * @return the example
     */
    public static <I, L> Example<I, L> of(I input, L label) {
        return new Example<>(input, label);
    }
}
