package io.bertfinetune.text;

import java.util.Objects;

/**
 * A question, and the text its answer is looked for in.
 *
 * @param question the question
 * @param context the text that may hold the answer
 */
public record Question(String question, String context) {
    /**
     * Checks that nothing is null.
     *
     * @param question the question
     * @param context the text that may hold the answer
     */
    public Question {
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(context, "context");
    }
}
