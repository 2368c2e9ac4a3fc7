package io.bertfinetune.check;

import java.util.Objects;

/**
 * Something in the data that will cost accuracy, or end the run.
 *
 * @param kind what it is
 * @param found what was found, with its numbers
 * @param example a row that shows it
 * @param advice what to do
 */
public record DataWarning(Kind kind, String found, String example, String advice) {
    /** What the check warns of. */
    public enum Kind {
        /** 1 % or more of the texts are longer than the model reads: their end is cut off. */
        TRUNCATED,
        /** Texts of nothing but white space. */
        EMPTY,
        /** Texts that are in the training and in an evaluation set, but for case and white space. */
        DUPLICATE,
        /** A label with a tenth of another's rows, or less, and no class weights. */
        IMBALANCE,
        /** 1 % or more of the tokens are {@code [UNK]}: the tokenizer does not know what they were. */
        UNKNOWN_TOKENS,
        /** Labels of an evaluation set that the training set does not have. */
        UNSEEN_LABEL,
        /** Rows that cannot be read or tokenized; the run will stop there. */
        UNREADABLE
    }

    /**
     * Checks that nothing is null.
     *
     * @param kind what it is
     * @param found what was found, with its numbers
     * @param example a row that shows it
     * @param advice what to do
     */
    public DataWarning {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(example, "example");
        Objects.requireNonNull(advice, "advice");
    }

    /**
     * The warning as a sentence or three.
     *
     * @return what was found, a row, and what to do
     */
    @Override
    public String toString() {
        return found + ", for example " + example + ". " + advice;
    }
}
