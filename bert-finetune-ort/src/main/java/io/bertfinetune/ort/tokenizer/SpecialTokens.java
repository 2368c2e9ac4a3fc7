package io.bertfinetune.ort.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The names of BERT's special tokens.
 *
 * @param pad what a batch is filled up with
 * @param unk what stands for a word that cannot be put together from the vocabulary
 * @param cls what begins a text
 * @param sep what ends a text, or each of two
 * @param mask what stands for a word to be guessed; not every vocabulary has it
 */
record SpecialTokens(String pad, String unk, String cls, String sep, String mask) {
    Stream<String> all() {
        return Stream.of(pad, unk, cls, sep, mask);
    }

    /** Throws unless the vocabulary has those that BERT cannot do without. */
    void check(Map<String, Integer> vocabulary, ModelFile file) {
        List<String> missing = Stream.of(pad, unk, cls, sep)
                .filter(token -> !vocabulary.containsKey(token))
                .toList();
        if (!missing.isEmpty()) {
            throw file.error("has " + vocabulary.size() + " tokens, but not " + String.join(", ", missing)
                    + "; if its special tokens have other names, " + TokenizerConfig.FILE + " must say them");
        }
    }
}
