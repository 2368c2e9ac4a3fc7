package io.bertfinetune.text;

import java.util.List;
import java.util.Map;

/**
 * Cuts text into the tokens of a model's vocabulary. Implementations do not change and are safe for many threads.
 *
 * <p>The backend reads the one of a model folder ({@code tokenizer.json} or {@code vocab.txt}) with the rules of Hugging
 * Face's fast tokenizers; one of your own goes to {@code Bert.tokenizer}.
 */
public interface Tokenizer {
    /**
     * Encodes a text or a pair with its special tokens. What is longer than {@code maxLength} is cut at the end; of a
     * pair, the longer text is cut first (Hugging Face's {@code truncation=True}).
     *
     * @param text the text or pair
     * @param maxLength the most tokens the answer may have, special ones included
     * @return the encoding, not padded
     * @throws IllegalArgumentException if {@code maxLength} leaves no room beside the special tokens
     */
    Encoding encode(Text text, int maxLength);

    /**
     * Encodes one text, uncut.
     *
     * @param text the text
     * @return the encoding
     */
    default Encoding encode(String text) {
        return encode(Text.of(text), Integer.MAX_VALUE);
    }

    /**
     * Encodes many texts; the same as one by one, and often faster.
     *
     * @param texts the texts or pairs
     * @param maxLength the most tokens each answer may have
     * @return the encodings, in the order of the texts
     */
    default List<Encoding> encodeAll(List<Text> texts, int maxLength) {
        return texts.stream().map(text -> encode(text, maxLength)).toList();
    }

    /**
     * The text of token ids, without special tokens.
     *
     * @param ids token ids
     * @return the text
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    String decode(int... ids);

    /**
     * Every token and its id.
     *
     * @return the vocabulary, added tokens included, in the order of the ids
     */
    Map<String, Integer> vocabulary();

    /**
     * The id of the token that batches are filled up with.
     *
     * @return the id of {@code [PAD]}
     */
    int padId();
}
