package io.bertfinetune.ort.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tokenizer_config.json} says, and the older {@code special_tokens_map.json} and {@code added_tokens.json};
 * all may be missing.
 *
 * @param normalizer its settings for Hugging Face's {@code BertNormalizer}, under the names they have there
 * @param specialTokens the names of the special tokens
 * @param addedTokens its tokens beside a {@code vocab.txt}, by id, written as {@code tokenizer.json} writes them
 * @param cleanUp whether decoding takes out the spaces before punctuation
 */
record TokenizerConfig(
        JsonObject normalizer, SpecialTokens specialTokens, List<JsonObject> addedTokens, boolean cleanUp) {
    static final String FILE = "tokenizer_config.json";
    static final String SPECIAL_TOKENS_FILE = "special_tokens_map.json";
    static final String ADDED_TOKENS_FILE = "added_tokens.json";

    /** Classes of Hugging Face that take tokenizer.json as it is. */
    private static final List<String> GENERAL = List.of("PreTrainedTokenizerFast", "TokenizersBackend");

    static TokenizerConfig read(Map<String, byte[]> files, String source) {
        ModelFile file = new ModelFile(source, FILE);
        JsonObject config = json(files, file);
        JsonObject older = json(files, new ModelFile(source, SPECIAL_TOKENS_FILE));
        SpecialTokens special = new SpecialTokens(
                name("pad_token", config, older).orElse("[PAD]"),
                name("unk_token", config, older).orElse("[UNK]"),
                name("cls_token", config, older).orElse("[CLS]"),
                name("sep_token", config, older).orElse("[SEP]"),
                name("mask_token", config, older).orElse("[MASK]"));
        boolean hasAddedTokens =
                files.containsKey(TokenizerJson.FILE) || config.get("added_tokens_decoder") instanceof JsonObject;
        return new TokenizerConfig(
                isGeneral(config) ? new JsonObject() : normalizer(config, file),
                special,
                hasAddedTokens
                        ? addedTokens(config, file)
                        : olderAddedTokens(files, new ModelFile(source, ADDED_TOKENS_FILE), special),
                flag(config, "clean_up_tokenization_spaces", file).orElse(false));
    }

    private static JsonObject json(Map<String, byte[]> files, ModelFile file) {
        return Optional.ofNullable(files.get(file.name())).map(file::json).orElseGet(JsonObject::new);
    }

    private static boolean isGeneral(JsonObject config) {
        return content(config.get("tokenizer_class")).filter(GENERAL::contains).isPresent();
    }

    private static JsonObject normalizer(JsonObject config, ModelFile file) {
        JsonObject settings = new JsonObject();
        flag(config, "do_lower_case", file).ifPresent(value -> settings.addProperty("lowercase", value));
        flag(config, "tokenize_chinese_chars", file)
                .ifPresent(value -> settings.addProperty("handle_chinese_chars", value));
        if (config.has("strip_accents")) {
            Optional<Boolean> value = flag(config, "strip_accents", file);
            settings.add(
                    "strip_accents", value.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE));
        }
        return settings;
    }

    private static Optional<Boolean> flag(JsonObject config, String key, ModelFile file) {
        JsonElement value = config.get(key);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        if (value instanceof JsonPrimitive flag && flag.isBoolean()) {
            return Optional.of(flag.getAsBoolean());
        }
        throw file.error("has " + key + " " + value + "; expected true, false or null");
    }

    private static List<JsonObject> addedTokens(JsonObject config, ModelFile file) {
        if (!(config.get("added_tokens_decoder") instanceof JsonObject added)) {
            return List.of();
        }
        return byId(added.entrySet().stream().map(entry -> addedToken(entry.getKey(), entry.getValue(), file)));
    }

    /** Those of {@code added_tokens.json}, a token and its id each; as Hugging Face does, special only by their name. */
    private static List<JsonObject> olderAddedTokens(Map<String, byte[]> files, ModelFile file, SpecialTokens special) {
        return byId(json(files, file).entrySet().stream().map(entry -> {
            JsonObject token = addedToken(entry.getKey(), TokenizerJson.id(entry.getKey(), entry.getValue(), file));
            boolean isSpecial = special.all().anyMatch(entry.getKey()::equals);
            token.addProperty("normalized", !isSpecial);
            token.addProperty("special", isSpecial);
            return token;
        }));
    }

    private static List<JsonObject> byId(Stream<JsonObject> tokens) {
        return tokens.sorted(Comparator.comparingInt(token -> token.get("id").getAsInt()))
                .toList();
    }

    private static JsonObject addedToken(String id, JsonElement token, ModelFile file) {
        String content = content(token)
                .filter(text -> TokenizerJson.WHOLE_NUMBER.test(id))
                .orElseThrow(() -> file.error("has added_tokens_decoder." + id + " " + token
                        + "; expected a whole number and a token with its content"));
        JsonObject added = addedToken(content, Integer.parseInt(id));
        if (token instanceof JsonObject flags) {
            List.copyOf(added.keySet()).stream().filter(flags::has).forEach(key -> added.add(key, flags.get(key)));
        }
        return added;
    }

    /** An added token as {@code tokenizer.json} has it, with the flags of a special one. */
    static JsonObject addedToken(String content, int id) {
        JsonObject token = new JsonObject();
        token.addProperty("id", id);
        token.addProperty("content", content);
        token.addProperty("single_word", false);
        token.addProperty("lstrip", false);
        token.addProperty("rstrip", false);
        token.addProperty("normalized", false);
        token.addProperty("special", true);
        return token;
    }

    private static Optional<String> name(String key, JsonObject config, JsonObject older) {
        return content(config.get(key)).or(() -> content(older.get(key)));
    }

    /** The text of a token (or any other text) that is written as a string, or as an object with its flags. */
    static Optional<String> content(@Nullable JsonElement token) {
        JsonElement content = token instanceof JsonObject object ? object.get("content") : token;
        return content instanceof JsonPrimitive text && text.isString()
                ? Optional.of(text.getAsString())
                : Optional.empty();
    }
}
