package io.bertfinetune.ort.tokenizer;

import static io.bertfinetune.ort.tokenizer.Fixtures.bertAsset;
import static io.bertfinetune.ort.tokenizer.Fixtures.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VocabularyFileTest {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    @Test
    void theVocabularyAloneGivesTheIdsOfTokenizerJson() {
        Map<String, byte[]> lines = Map.of("vocab.txt", bertAsset("bert-base-uncased-vocab.txt"));
        Map<String, byte[]> json = Map.of("tokenizer.json", bertAsset("bert-base-uncased-tokenizer.json"));
        List<Text> texts = Stream.concat(GoldenCase.all().map(GoldenCase::text), randomTexts())
                .toList();

        try (CloseableTokenizer fromLines = OrtTokenizers.read(lines, "bert-base-uncased");
                CloseableTokenizer fromJson = OrtTokenizers.read(json, "bert-base-uncased")) {
            assertThat(fromLines.vocabulary()).hasSize(30_522).isEqualTo(fromJson.vocabulary());
            for (Text text : texts) {
                Encoding expected = fromJson.encode(text, 48);
                Encoding actual = fromLines.encode(text, 48);

                assertThat(actual.ids()).containsExactly(expected.ids());
                assertThat(actual.tokenTypeIds()).containsExactly(expected.tokenTypeIds());
                assertThat(actual.source()).isEqualTo(expected.source());
            }
        }
    }

    /** Ids of Hugging Face's BertTokenizer 5.18 with the vocabularies of bert-base-uncased and bert-base-cased. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uncased | The Café in São Paulo isn't UNaffable. | 101 1996 7668 1999 7509 9094 3475 1005 1056"
                        + " 14477 20961 3468 1012 102",
                "cased | The Café in São Paulo isn't UNaffable. | 101 1109 21036 1107 7447 8764 2762 112 189"
                        + " 7414 9823 8057 2165 119 102",
                "uncased | brown fox jumps over the lazy dog | 101 2829 4419 14523 2058 1996 13971 3899 102",
                "uncased | Test sentence with [MASK]. | 101 3231 6251 2007 103 1012 102",
            })
    void knownIdsComeOutWithoutAnyConfig(String kind, String text, String ids) {
        Map<String, byte[]> files = Map.of("vocab.txt", bertAsset("bert-base-" + kind + "-vocab.txt"));

        try (CloseableTokenizer tokenizer = OrtTokenizers.read(files, kind)) {
            assertThat(tokenizer.encode(text).ids())
                    .containsExactly(Stream.of(ids.split(" "))
                            .mapToInt(Integer::parseInt)
                            .toArray());
        }
    }

    @Test
    void theConfigDecidesOverCapitalsInTheVocabulary() {
        assertThat(tokens("Go on", "{}", "go", "Go", "on")).containsExactly("Go", "on");
        assertThat(tokens("Go on", "{\"do_lower_case\": true}", "go", "Go", "on"))
                .containsExactly("go", "on");
        assertThat(tokens("Go on", "{\"do_lower_case\": false}", "go", "on")).containsExactly("[UNK]", "on");
    }

    @Test
    void capitalsOfMarkersAreNoWords() {
        assertThat(tokens("Go", "{}", "[unusedA]", "<S>", "go")).containsExactly("go");
    }

    @Test
    void aWordOfMoreThanAHundredCharactersIsUnknown() {
        assertThat(tokens("a".repeat(100), "{}", "a", "##a")).hasSize(100);
        assertThat(tokens("a".repeat(101), "{}", "a", "##a")).containsExactly("[UNK]");
    }

    @Test
    void linesMayEndAsOnWindowsAndTheLastNotAtAll() {
        Map<String, byte[]> files = Map.of("vocab.txt", bytes("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nword"));

        try (CloseableTokenizer tokenizer = OrtTokenizers.read(files, "test")) {
            assertThat(tokenizer.encode("word").ids()).containsExactly(2, 4, 3);
        }
    }

    @Test
    void ofTwoEqualLinesTheLaterCounts() {
        assertThat(tokenizer("{}", "word", "other", "word").vocabulary()).containsEntry("word", 7);
    }

    @Test
    void addedTokensOfTheConfigAreNumberedOn() {
        String config = "{\"added_tokens_decoder\": {"
                + "\"7\": {\"content\": \"<two>\", \"special\": false, \"normalized\": true},"
                + "\"6\": {\"content\": \"<one>\", \"special\": true, \"normalized\": false},"
                + "\"0\": {\"content\": \"[PAD]\", \"special\": true, \"normalized\": false}}}";

        try (CloseableTokenizer tokenizer = tokenizer(config, "a")) {
            assertThat(tokenizer.encode("a <one> <TWO>").ids()).containsExactly(2, 5, 6, 7, 3);
            assertThat(tokenizer.vocabulary()).containsEntry("<one>", 6).containsEntry("<two>", 7);
            assertThat(tokenizer.decode(5, 6, 7)).isEqualTo("a <two>");
        }
    }

    @ParameterizedTest
    @MethodSource("addedTokens")
    void addedTokensAreThoseOfHuggingFace(JsonObject expected) {
        Map<String, byte[]> files = Fixtures.tinyBert("vocab.txt");
        expected.getAsJsonObject("files")
                .asMap()
                .forEach((name, content) -> files.put(name, bytes(content.toString())));

        try (CloseableTokenizer tokenizer = OrtTokenizers.read(files, "test")) {
            int[] ids = new Gson().fromJson(expected.get("input_ids"), int[].class);

            assertThat(tokenizer.encode(expected.get("text").getAsString()).ids())
                    .containsExactly(ids);
            assertThat(tokenizer.decode(ids)) // transformers writes added tokens in lower case where texts are
                    .isEqualToIgnoringCase(expected.get("without_special").getAsString());
        }
    }

    /** What transformers makes of added_tokens.json (golden/tokenizer.json). */
    private static Stream<JsonElement> addedTokens() {
        JsonObject golden = Fixtures.json(Fixtures.resource("/golden/tokenizer.json"));
        return golden.getAsJsonArray("added_tokens").asList().stream();
    }

    @Test
    void googlesWholeTokenizerTestPasses() {
        JsonObject test = google().getAsJsonObject("full_tokenizer");
        List<String> vocabulary = strings(test.get("vocab"));
        vocabulary.add("[PAD]");

        try (CloseableTokenizer tokenizer = Fixtures.tokenizer(vocabulary, "{}")) {
            Encoding encoding = tokenizer.encode(test.get("text").getAsString());

            assertThat(inner(encoding)).isEqualTo(strings(test.get("tokens")));
            assertThat(Arrays.stream(encoding.ids()).boxed().toList().subList(1, encoding.length() - 1))
                    .isEqualTo(List.of(new Gson().fromJson(test.get("ids"), Integer[].class)));
        }
    }

    @Test
    void googlesWordPieceTestPasses() {
        JsonObject test = google().getAsJsonObject("wordpiece");
        List<String> vocabulary = strings(test.get("vocab"));
        vocabulary.add("[PAD]");

        try (CloseableTokenizer tokenizer = Fixtures.tokenizer(vocabulary, "{\"do_lower_case\": false}")) {
            for (JsonElement element : test.getAsJsonArray("cases")) {
                JsonObject example = element.getAsJsonObject();
                Encoding encoding = tokenizer.encode(example.get("text").getAsString());

                assertThat(inner(encoding)).isEqualTo(strings(example.get("tokens")));
            }
        }
    }

    @Test
    void googlesWordTestPasses() {
        for (JsonElement element : google().getAsJsonArray("basic")) {
            JsonObject example = element.getAsJsonObject();
            List<String> words = strings(example.get("tokens"));
            String config = "{\"do_lower_case\": " + example.get("lower") + "}";

            assertThat(tokens(
                            example.get("text").getAsString(),
                            config,
                            words.stream().distinct().toArray(String[]::new)))
                    .isEqualTo(words);
        }
    }

    @Test
    void googlesKindsOfCharactersAreKept() {
        for (String space : strings(google().getAsJsonObject("is_whitespace").get("true"))) {
            assertThat(tokens("a" + space + "a", "{}", "a", "##a")).containsExactly("a", "a");
        }
        for (String control : strings(google().getAsJsonObject("is_control").get("true"))) {
            assertThat(tokens("a" + control + "a", "{}", "a", "##a")).containsExactly("a", "##a");
        }
        for (String mark : strings(google().getAsJsonObject("is_punctuation").get("true"))) {
            assertThat(tokens("a" + mark + "a", "{}", "a", "##a", mark)).containsExactly("a", mark, "a");
        }
    }

    private static JsonObject google() {
        return Fixtures.json(bertAsset("google_bert_tokenization_cases.json"));
    }

    private static List<String> strings(JsonElement array) {
        return new ArrayList<>(List.of(new Gson().fromJson(array, String[].class)));
    }

    private static CloseableTokenizer tokenizer(String config, String... words) {
        return Fixtures.tokenizer(
                Stream.concat(SPECIAL.stream(), Stream.of(words)).toList(), config);
    }

    private static List<String> tokens(String text, String config, String... words) {
        try (CloseableTokenizer tokenizer = tokenizer(config, words)) {
            return inner(tokenizer.encode(text));
        }
    }

    private static List<String> inner(Encoding encoding) {
        return encoding.tokens().subList(1, encoding.length() - 1);
    }

    private static Stream<Text> randomTexts() {
        Random random = new Random(11);
        return Stream.generate(() -> Text.pair(randomText(random), randomText(random)))
                .limit(500);
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.appendCodePoint(random.nextBoolean() ? 'a' + random.nextInt(26) : random.nextInt(0x30000));
            text.append(random.nextInt(4) == 0 ? " " : "");
        }
        return text.toString();
    }
}
