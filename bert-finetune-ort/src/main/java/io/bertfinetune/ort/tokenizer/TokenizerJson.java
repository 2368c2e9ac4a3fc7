package io.bertfinetune.ort.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.error.ModelFormatException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A tokenizer in the format of Hugging Face's Rust library, and what is known about it without that library.
 *
 * @param origin the file it comes from
 * @param content the content of a {@code tokenizer.json}
 * @param vocabulary every token and its id, in the order of the ids
 * @param specialTokens the names of the special tokens; all but the mask are in the vocabulary
 * @param cleanUp whether decoding takes out the spaces before punctuation
 */
record TokenizerJson(
        ModelFile origin,
        String content,
        Map<String, Integer> vocabulary,
        SpecialTokens specialTokens,
        boolean cleanUp) {
    static final String FILE = "tokenizer.json";

    /** An id as files write it; nine digits are enough for any vocabulary. */
    static final Predicate<String> WHOLE_NUMBER = Pattern.compile("[0-9]{1,9}").asMatchPredicate();

    static TokenizerJson read(Map<String, byte[]> files, TokenizerConfig config, String source) {
        byte[] json = files.get(FILE);
        if (json != null) {
            ModelFile file = new ModelFile(source, FILE);
            return of(file, configured(file.json(json), config), config);
        }
        byte[] lines = files.get(VocabularyFile.FILE);
        if (lines != null) {
            ModelFile file = new ModelFile(source, VocabularyFile.FILE);
            return of(file, VocabularyFile.tokenizer(file.text(lines), config), config);
        }
        throw new ModelFormatException(source + ": neither " + FILE + " nor " + VocabularyFile.FILE
                + ", one of which must hold the tokenizer");
    }

    private static TokenizerJson of(ModelFile file, JsonObject root, TokenizerConfig config) {
        Map<String, Integer> vocabulary = vocabulary(root, file);
        SpecialTokens special = config.specialTokens();
        special.check(vocabulary, file);
        if (!root.has("post_processor") || root.get("post_processor").isJsonNull()) {
            root.add("post_processor", Template.of(special.cls(), special.sep(), vocabulary));
        }
        return new TokenizerJson(file, root.toString(), vocabulary, special, config.cleanUp());
    }

    /** The tokenizer with the settings of tokenizer_config.json in its normalizer, as Hugging Face loads it. */
    private static JsonObject configured(JsonObject root, TokenizerConfig config) {
        if (root.get("normalizer") instanceof JsonObject normalizer
                && new JsonPrimitive("BertNormalizer").equals(normalizer.get("type"))) {
            config.normalizer().asMap().forEach(normalizer::add);
        }
        return root;
    }

    /** The model's vocabulary and the added tokens, with the ids that the Rust library gives the latter. */
    private static Map<String, Integer> vocabulary(JsonObject root, ModelFile file) {
        if (!(root.get("model") instanceof JsonObject model && model.get("vocab") instanceof JsonObject vocab)) {
            throw file.error("has no object model.vocab of tokens and ids, as a WordPiece tokenizer has");
        }
        Map<String, Integer> ids = new HashMap<>();
        vocab.asMap().forEach((token, id) -> ids.put(token, id(token, id, file)));
        int next = ids.size();
        for (JsonElement added : root.get("added_tokens") instanceof JsonArray array ? array : new JsonArray()) {
            String token = TokenizerConfig.content(added)
                    .orElseThrow(() -> file.error("has the added token " + added + "; expected one with its content"));
            if (!token.isEmpty()) {
                ids.putIfAbsent(token, next);
                next = Math.max(next, ids.get(token) + 1);
            }
        }
        return inOrder(ids, file);
    }

    /** A token's id, as a file gives it. */
    static int id(String token, JsonElement id, ModelFile file) {
        if (id instanceof JsonPrimitive number && number.isNumber() && WHOLE_NUMBER.test(number.getAsString())) {
            return number.getAsInt();
        }
        throw file.error(
                "gives the token " + token + " the id " + id + "; expected a whole number from 0 to 999999999");
    }

    private static Map<String, Integer> inOrder(Map<String, Integer> ids, ModelFile file) {
        Map<Integer, String> tokens = new HashMap<>();
        ids.forEach((token, id) -> {
            String other = tokens.put(id, token);
            if (other != null) {
                throw file.error("gives the tokens " + other + " and " + token + " the same id " + id);
            }
        });
        Map<String, Integer> ordered = new LinkedHashMap<>();
        ids.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(e -> ordered.put(e.getKey(), e.getValue()));
        return Collections.unmodifiableMap(ordered);
    }
}
