package io.bertfinetune.ort.tokenizer;

import static io.bertfinetune.ort.tokenizer.Fixtures.bytes;
import static io.bertfinetune.ort.tokenizer.Fixtures.tinyTokenizerJson;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.error.ModelFormatException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrtTokenizersTest {
    @Test
    void aFolderWithoutVocabularyIsRefused() {
        assertThatThrownBy(() -> OrtTokenizers.read(Map.of("config.json", bytes("{}")), "some/model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("some/model")
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("vocab.txt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{'model': 1}",
                "{} {}",
                "<html></html>",
                "{}",
                "{\"model\": {}}",
                "{\"model\": {\"vocab\": [[\"a\", 0.5]]}}",
                "{\"model\": {\"vocab\": {\"[PAD]\": 0, \"[UNK]\": 1, \"[CLS]\": 2, \"[SEP]\": 3}}, \"normalizer\": 5}"
            })
    void aBrokenTokenizerJsonIsRefusedByName(String json) {
        assertThatThrownBy(() -> OrtTokenizers.read(Map.of("tokenizer.json", bytes(json)), "some/model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("some/model: tokenizer.json ");
    }

    @Test
    void deepNestingIsRefused() {
        String json = "{\"model\":".repeat(100_000);

        assertThatThrownBy(() -> OrtTokenizers.read(Map.of("tokenizer.json", bytes(json)), "some/model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("some/model: tokenizer.json ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "4294967295", "1e999999999", "\"7\"", "null", "[7]"})
    void anIdThatIsNoWholeNumberIsRefused(String id) {
        String json = "{\"model\": {\"vocab\": {\"word\": " + id + "}}}";

        assertThatThrownBy(() -> OrtTokenizers.read(Map.of("tokenizer.json", bytes(json)), "some/model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("word")
                .hasMessageContaining(id);
    }

    @Test
    void twoTokensWithOneIdAreRefused() {
        JsonObject json = tinyTokenizerJson();
        vocabulary(json).addProperty("twin", 50);

        assertThatThrownBy(() -> Fixtures.tokenizer(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("twin")
                .hasMessageContaining("50");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[PAD]", "[UNK]", "[CLS]", "[SEP]"})
    void aVocabularyLackingASpecialTokenIsRefused(String token) {
        String lines = new String(Fixtures.resource("/tiny_bert/vocab.txt"), UTF_8).replace(token + "\n", "other\n");

        assertThatThrownBy(() -> OrtTokenizers.read(Map.of("vocab.txt", bytes(lines)), "some/model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("some/model: vocab.txt ")
                .hasMessageContaining("not " + token + ";");
    }

    @Test
    void aVocabularyThatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> OrtTokenizers.read(Map.of("vocab.txt", new byte[] {(byte) 0xC3, '\n'}), "some/model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("vocab.txt is not UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "do_lower_case, '\"yes\"'",
        "strip_accents, 1",
        "clean_up_tokenization_spaces, []",
        "added_tokens_decoder, '{\"x\": {\"content\": \"a\"}}'",
        "added_tokens_decoder, '{\"5\": {}}'"
    })
    void aBrokenConfigIsRefusedByNameAndField(String key, String value) {
        Map<String, byte[]> files = Fixtures.tinyBert("vocab.txt");
        files.put("tokenizer_config.json", bytes("{\"" + key + "\": " + value + "}"));

        assertThatThrownBy(() -> OrtTokenizers.read(files, "some/model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("some/model: tokenizer_config.json ")
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "{\"word\": \"7\"}", "{\"word\": -1}", "{\"word\": null}"})
    void brokenAddedTokensAreRefusedByName(String json) {
        Map<String, byte[]> files = Fixtures.tinyBert("vocab.txt");
        files.put("added_tokens.json", bytes(json));

        assertThatThrownBy(() -> OrtTokenizers.read(files, "some/model"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("some/model: added_tokens.json ");
    }

    @Test
    void aModelMaxLengthBeyondEveryNumberIsRead() {
        Map<String, byte[]> files = Fixtures.tinyBert("vocab.txt");
        files.put("tokenizer_config.json", bytes("{\"model_max_length\": 1000000000000000019884624838656}"));

        try (CloseableTokenizer tokenizer = OrtTokenizers.read(files, "some/model")) {
            assertThat(tokenizer.encode("a").tokens()).containsExactly("[CLS]", "a", "[SEP]");
        }
    }

    @Test
    void specialTokensMayHaveOtherNames() {
        List<String> vocabulary = List.of("<pad>", "<s>", "</s>", "<unk>", "a");
        String config = "{\"pad_token\": \"<pad>\", \"cls_token\": {\"content\": \"<s>\"}, \"sep_token\": \"</s>\","
                + " \"unk_token\": \"<unk>\"}";

        try (CloseableTokenizer tokenizer = Fixtures.tokenizer(vocabulary, config)) {
            assertThat(tokenizer.encode("a </s> b").tokens()).containsExactly("<s>", "a", "</s>", "<unk>", "</s>");
            assertThat(tokenizer.padId()).isZero();
        }
    }

    @Test
    void theOlderSpecialTokensFileIsReadToo() {
        Map<String, byte[]> files = Map.of(
                "vocab.txt", bytes("[CLS]\n[SEP]\n[UNK]\nPADDING\n"),
                "special_tokens_map.json", bytes("{\"pad_token\": \"PADDING\"}"));

        try (CloseableTokenizer tokenizer = OrtTokenizers.read(files, "some/model")) {
            assertThat(tokenizer.padId()).isEqualTo(3);
        }
    }

    @Test
    void theConfigDecidesOverTokenizerJson() {
        JsonObject json = tinyTokenizerJson();
        json.getAsJsonObject("model").getAsJsonObject("vocab").addProperty("Été", 5_000);
        byte[] tokenizerJson = bytes(json.toString());

        assertThat(tokens("Été", tokenizerJson, "{\"do_lower_case\": false}")).contains("Été");
        assertThat(tokens("Été", tokenizerJson, "{}")).contains("e", "##t", "##e");
        assertThat(tokens(
                        "Été",
                        tokenizerJson,
                        "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"do_lower_case\": false}"))
                .contains("e", "##t", "##e");
    }

    @Test
    void chineseCharactersAndAccentsFollowTheConfig() {
        List<String> vocabulary = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "你", "你好", "好", "e", "é");

        assertThat(tokens("你好 é", vocabulary, "{}")).containsExactly("你", "好", "e");
        assertThat(tokens("你好 é", vocabulary, "{\"tokenize_chinese_chars\": false, \"strip_accents\": false}"))
                .containsExactly("你好", "é");
    }

    @Test
    void withoutAPostProcessorItIsThatOfBert() {
        JsonObject json = tinyTokenizerJson();
        json.add("post_processor", JsonNull.INSTANCE);

        try (CloseableTokenizer tokenizer = Fixtures.tokenizer(json)) {
            assertThat(tokenizer.encode("a").tokens()).containsExactly("[CLS]", "a", "[SEP]");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1124, 4_294_967_295L})
    void aPostProcessorWithIdsOutsideTheVocabularyIsRefused(long id) {
        JsonObject json = tinyTokenizerJson();
        json.getAsJsonObject("post_processor")
                .getAsJsonObject("special_tokens")
                .getAsJsonObject("[CLS]")
                .getAsJsonArray("ids")
                .set(0, new JsonPrimitive(id));

        assertThatThrownBy(() -> Fixtures.tokenizer(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("post_processor")
                .hasMessageContaining("id " + id);
    }

    @Test
    void aPostProcessorThatIsNotOfBertIsRefused() {
        JsonObject json = tinyTokenizerJson();
        json.getAsJsonObject("post_processor").getAsJsonArray("single").remove(0);

        assertThatThrownBy(() -> Fixtures.tokenizer(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("post_processor")
                .hasMessageContaining("[[SEP]]");
    }

    @Test
    void otherFilesAreIgnored() {
        Map<String, byte[]> files = new HashMap<>(Fixtures.tinyBert("vocab.txt"));
        files.put("model.safetensors", new byte[3]);

        try (CloseableTokenizer tokenizer = OrtTokenizers.read(files, "some/model")) {
            assertThat(tokenizer.encode("a").tokens()).containsExactly("[CLS]", "a", "[SEP]");
        }
    }

    private static List<String> tokens(String text, byte[] tokenizerJson, String config) {
        Map<String, byte[]> files = Map.of("tokenizer.json", tokenizerJson, "tokenizer_config.json", bytes(config));
        try (CloseableTokenizer tokenizer = OrtTokenizers.read(files, "test")) {
            return tokenizer.encode(text).tokens();
        }
    }

    private static List<String> tokens(String text, List<String> vocabulary, String config) {
        try (CloseableTokenizer tokenizer = Fixtures.tokenizer(vocabulary, config)) {
            List<String> tokens = tokenizer.encode(text).tokens();
            return tokens.subList(1, tokens.size() - 1);
        }
    }

    private static JsonObject vocabulary(JsonObject tokenizerJson) {
        return tokenizerJson.getAsJsonObject("model").getAsJsonObject("vocab");
    }
}
