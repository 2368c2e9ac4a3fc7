package io.bertfinetune.prediction;

import io.bertfinetune.text.Span;
import java.util.Objects;

/**
 * A piece of a context that answers a question.
 *
 * @param text the words of the answer, as the context has them
 * @param span where in the context they are, in characters
 * @param score how probable it is, 0 to 1
 */
public record Answer(String text, Span span, double score) {
    /**
     * Checks that nothing is null.
     *
     * @param text the words of the answer, as the context has them
     * @param span where in the context they are, in characters
     * @param score how probable it is, 0 to 1
     */
    public Answer {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(span, "span");
    }
}
