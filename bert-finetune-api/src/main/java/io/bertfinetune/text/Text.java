package io.bertfinetune.text;

import java.util.Objects;
import java.util.Optional;

/**
 * A text, or two texts read together, that a model looks at.
 *
 * @param text the text, or the first of two
 * @param pair the second text, read after a separator: a hypothesis after its premise, a document after a query
 */
public record Text(String text, Optional<String> pair) {
    /**
     * Checks that nothing is null.
     *
     * @param text the text, or the first of two
     * @param pair the second text, read after a separator: a hypothesis after its premise, a document after a query
     */
    public Text {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(pair, "pair");
    }

    /**
     * A single text.
     *
     * @param text the text; may be empty
     * @return the text as a model's input
     */
    public static Text of(String text) {
        return new Text(text, Optional.empty());
    }

    /**
     * Two texts judged together.
     *
     * @param first the text read first
     * @param second the text read after the separator
     * @return both as one input
     */
    public static Text pair(String first, String second) {
        return new Text(first, Optional.of(second));
    }
}
