package io.bertfinetune.text;

import java.util.Arrays;
import java.util.List;

/**
 * A text as a model reads it: token ids with their mask, segment, text and place in the string. Hugging Face's
 * {@code BatchEncoding} of one text. All parts have the same length, special tokens included; nothing is padded.
 */
public final class Encoding {
    private final int[] ids;
    private final int[] tokenTypeIds;
    private final List<String> tokens;
    private final List<Token> source;

    private Encoding(int[] ids, int[] tokenTypeIds, List<String> tokens, List<Token> source) {
        this.ids = ids;
        this.tokenTypeIds = tokenTypeIds;
        this.tokens = tokens;
        this.source = source;
    }

    /**
     * An encoding of these parts.
     *
     * @param ids the place of each token in the vocabulary
     * @param tokenTypeIds 0 for the first text and its special tokens, 1 for the second
     * @param tokens the token texts, {@code ##} in front of the continuation of a word
     * @param source where each token came from
     * @return the encoding
     * @throws IllegalArgumentException if the parts differ in length
     */
    public static Encoding of(int[] ids, int[] tokenTypeIds, List<String> tokens, List<Token> source) {
        if (tokenTypeIds.length != ids.length || tokens.size() != ids.length || source.size() != ids.length) {
            throw new IllegalArgumentException("Encoding: " + ids.length + " ids, " + tokenTypeIds.length
                    + " token type ids, " + tokens.size() + " tokens and " + source.size()
                    + " places; expected as many of each");
        }
        return new Encoding(ids.clone(), tokenTypeIds.clone(), List.copyOf(tokens), List.copyOf(source));
    }

    /**
     * The place of each token in the vocabulary.
     *
     * @return a copy of the ids
     */
    public int[] ids() {
        return ids.clone();
    }

    /**
     * Which text each token belongs to.
     *
     * @return a copy: 0 for the first text, 1 for the second
     */
    public int[] tokenTypeIds() {
        return tokenTypeIds.clone();
    }

    /**
     * Which tokens are real; all of them, since padding comes with the batch.
     *
     * @return ones
     */
    public int[] attentionMask() {
        int[] mask = new int[ids.length];
        Arrays.fill(mask, 1);
        return mask;
    }

    /**
     * The token texts.
     *
     * @return the tokens, special ones included
     */
    public List<String> tokens() {
        return tokens;
    }

    /**
     * Where each token came from.
     *
     * @return one place a token
     */
    public List<Token> source() {
        return source;
    }

    /**
     * How many tokens there are.
     *
     * @return the number of tokens, special ones included
     */
    public int length() {
        return ids.length;
    }

    /**
     * The tokens.
     *
     * @return the tokens as a list
     */
    @Override
    public String toString() {
        return tokens.toString();
    }

    /**
     * Where a token came from.
     *
     * @param start where it begins in its text, in UTF-16 units as {@link String#substring} counts; 0 for a special token
     * @param end where it ends, exclusive; 0 for a special token
     * @param word the number of the word it is part of, from 0 in each text; -1 for a special token
     */
    public record Token(int start, int end, int word) {
        /** The place of a special token, which came from nowhere. */
        public static final Token SPECIAL = new Token(0, 0, -1);

        /**
         * Whether the token was added by the tokenizer.
         *
         * @return true for {@code [CLS]}, {@code [SEP]} and the like
         */
        public boolean isSpecial() {
            return word < 0;
        }
    }
}
