package io.bertfinetune.ort.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/**
 * A {@code vocab.txt}, one token a line, made a {@code tokenizer.json}: what Hugging Face's {@code BertTokenizer} makes
 * of it (normalizer, words, WordPiece with at most 100 characters a word, special tokens).
 */
final class VocabularyFile {
    static final String FILE = "vocab.txt";

    private VocabularyFile() {}

    static JsonObject tokenizer(String text, TokenizerConfig config) {
        JsonObject vocabulary = new JsonObject();
        List<String> tokens = tokens(text);
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.addProperty(tokens.get(id), id);
        }
        JsonObject tokenizer = new JsonObject();
        tokenizer.addProperty("version", "1.0");
        tokenizer.add("added_tokens", addedTokens(vocabulary, config));
        tokenizer.add("normalizer", normalizer(tokens, config));
        tokenizer.add("pre_tokenizer", typed("BertPreTokenizer"));
        tokenizer.add("decoder", decoder());
        tokenizer.add("model", model(vocabulary, config.specialTokens().unk()));
        return tokenizer;
    }

    private static List<String> tokens(String text) {
        return text.isEmpty()
                ? List.of()
                : Stream.of(text.split("\n")).map(String::stripTrailing).toList();
    }

    /** The special tokens that the vocabulary has, and the tokens beside it; the Rust library numbers the latter on. */
    private static JsonArray addedTokens(JsonObject vocabulary, TokenizerConfig config) {
        JsonArray added = new JsonArray();
        config.specialTokens()
                .all()
                .filter(vocabulary::has)
                .forEach(token -> added.add(
                        TokenizerConfig.addedToken(token, vocabulary.get(token).getAsInt())));
        config.addedTokens().forEach(added::add);
        return added;
    }

    private static JsonObject normalizer(List<String> tokens, TokenizerConfig config) {
        JsonObject normalizer = typed("BertNormalizer");
        normalizer.addProperty("clean_text", true);
        normalizer.addProperty("handle_chinese_chars", true);
        normalizer.add("strip_accents", JsonNull.INSTANCE);
        normalizer.addProperty("lowercase", tokens.stream().noneMatch(VocabularyFile::isWordWithCapital));
        config.normalizer().asMap().forEach(normalizer::add);
        return normalizer;
    }

    private static boolean isWordWithCapital(String token) {
        return token.chars().allMatch(c -> Character.isLetter(c) || c == '#')
                && token.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static JsonObject decoder() {
        JsonObject decoder = typed("WordPiece");
        decoder.addProperty("prefix", "##");
        decoder.addProperty("cleanup", true);
        return decoder;
    }

    private static JsonObject model(JsonObject vocabulary, String unknown) {
        JsonObject model = typed("WordPiece");
        model.addProperty("unk_token", unknown);
        model.addProperty("continuing_subword_prefix", "##");
        model.addProperty("max_input_chars_per_word", 100);
        model.add("vocab", vocabulary);
        return model;
    }

    private static JsonObject typed(String type) {
        JsonObject object = new JsonObject();
        object.addProperty("type", type);
        return object;
    }
}
