package io.bertfinetune.ort.tokenizer;

import java.util.List;

/** The spaces that tokens are joined with. */
final class Spaces {
    private static final List<String> NO_SPACE_BEFORE = List.of(".", "?", "!", ",");
    private static final List<String> CONTRACTIONS = List.of("n't", "'m", "'s", "'ve", "'re");

    private Spaces() {}

    /** The text without the spaces that English would not have; Hugging Face's {@code clean_up_tokenization}. */
    static String cleanUp(String text) {
        String cleaned = text;
        for (String mark : NO_SPACE_BEFORE) {
            cleaned = cleaned.replace(" " + mark, mark);
        }
        cleaned = cleaned.replace(" ' ", "'");
        for (String ending : CONTRACTIONS) {
            cleaned = cleaned.replace(" " + ending, ending);
        }
        return cleaned;
    }
}
