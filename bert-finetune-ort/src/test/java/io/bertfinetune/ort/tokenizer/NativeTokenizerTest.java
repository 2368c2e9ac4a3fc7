package io.bertfinetune.ort.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeTokenizerTest {
    private static CloseableTokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = Fixtures.tinyTokenizer();
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 20})
    void cutsAsTheRustLibraryDoes(int maxLength) throws IOException {
        Map<String, String> options = Map.of(
                "truncation", "LONGEST_FIRST",
                "padding", "false",
                "maxLength", String.valueOf(maxLength),
                "stride", "0");

        try (HuggingFaceTokenizer library = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(Fixtures.resource("/tiny_bert/tokenizer.json")), options)) {
            for (int first = 0; first <= 18; first++) {
                String a = "a ".repeat(first);
                check(tokenizer.encode(Text.of(a), maxLength), library.encode(a, true, false));
                for (int second = 0; second <= 18; second++) {
                    String b = "b ".repeat(second);
                    check(tokenizer.encode(Text.pair(a, b), maxLength), library.encode(a, b, true, false));
                }
            }
        }
    }

    private static void check(Encoding actual, ai.djl.huggingface.tokenizers.Encoding expected) {
        assertThat(Arrays.stream(actual.ids()).asLongStream()).containsExactlyElementsOf(boxed(expected.getIds()));
        assertThat(Arrays.stream(actual.tokenTypeIds()).asLongStream())
                .containsExactlyElementsOf(boxed(expected.getTypeIds()));
        assertThat(actual.tokens()).containsExactly(expected.getTokens());
    }

    private static List<Long> boxed(long[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    @ParameterizedTest
    @CsvSource({"2, false", "0, false", "-1, false", "-2147483648, false", "3, true"})
    void aLengthThatOnlySpecialTokensFillIsRefused(int maxLength, boolean pair) {
        Text text = pair ? Text.pair("", "") : Text.of("");

        assertThatThrownBy(() -> tokenizer.encode(text, maxLength))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxLength is " + maxLength)
                .hasMessageContaining(pair ? "at least 4" : "at least 3");
        assertThatThrownBy(() -> tokenizer.encodeAll(List.of(Text.of("a"), text), maxLength))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void truncationAndPaddingOfTokenizerJsonAreIgnored() {
        JsonObject json = Fixtures.tinyTokenizerJson();
        json.add(
                "truncation",
                JsonParser.parseString(
                        "{'direction': 'Left', 'max_length': 4, 'strategy': 'LongestFirst', 'stride': 1}"));
        json.add(
                "padding",
                JsonParser.parseString("{'strategy': {'Fixed': 20}, 'direction': 'Left', 'pad_to_multiple_of': 8,"
                        + " 'pad_id': 0, 'pad_type_id': 0, 'pad_token': '[PAD]'}"));

        try (CloseableTokenizer other = Fixtures.tokenizer(json)) {
            assertThat(other.encode("a b c d e f").tokens())
                    .containsExactly("[CLS]", "a", "b", "c", "d", "e", "f", "[SEP]");
            assertThat(other.encode(Text.of("a b c d e f"), 5).tokens())
                    .containsExactly("[CLS]", "a", "b", "c", "[SEP]");
            assertThat(other.encodeAll(List.of(Text.of("a"), Text.of("a b")), 5)
                            .get(0)
                            .length())
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "pair", "mixed"})
    void encodingAllEqualsEncodingEach(String kind) {
        List<Text> texts = texts(300, kind);

        List<Encoding> together = tokenizer.encodeAll(texts, 12);

        assertThat(together).hasSameSizeAs(texts);
        for (int i = 0; i < texts.size(); i++) {
            checkEqual(together.get(i), tokenizer.encode(texts.get(i), 12));
        }
    }

    @Test
    void encodingNothingGivesNothing() {
        assertThat(tokenizer.encodeAll(List.of(), 12)).isEmpty();
    }

    @Test
    void sixteenThreadsGiveWhatOneGives() throws Exception {
        List<Text> texts = texts(400, "mixed");
        List<Encoding> expected = tokenizer.encodeAll(texts, 12);
        ExecutorService threads = Executors.newFixedThreadPool(16);

        try {
            List<Callable<List<Encoding>>> work = IntStream.range(0, 16)
                    .<Callable<List<Encoding>>>mapToObj(i -> () -> i % 2 == 0
                            ? tokenizer.encodeAll(texts, 12)
                            : texts.stream()
                                    .map(text -> tokenizer.encode(text, 12))
                                    .toList())
                    .toList();
            for (Future<List<Encoding>> actual : threads.invokeAll(work)) {
                for (int i = 0; i < texts.size(); i++) {
                    checkEqual(actual.get().get(i), expected.get(i));
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void checkEqual(Encoding actual, Encoding expected) {
        assertThat(actual.ids()).containsExactly(expected.ids());
        assertThat(actual.tokenTypeIds()).containsExactly(expected.tokenTypeIds());
        assertThat(actual.tokens()).isEqualTo(expected.tokens());
        assertThat(actual.source()).isEqualTo(expected.source());
    }

    private static List<Text> texts(int count, String kind) {
        Random random = new Random(count);
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean pair = kind.equals("pair") || (kind.equals("mixed") && random.nextInt(3) == 0);
            texts.add(pair ? Text.pair(text(random), text(random)) : Text.of(text(random)));
        }
        return texts;
    }

    private static String text(Random random) {
        return joined(random, "house|😀|Café|[SEP]|a|你好|\0|\uD800|...|𐐀x|unaffable".split("\\|"), " ");
    }

    private static String joined(Random random, String[] pieces, String between) {
        return random.ints(random.nextInt(16), 0, pieces.length)
                .mapToObj(i -> pieces[i])
                .collect(Collectors.joining(between));
    }

    @Test
    void aLoneSurrogateIsReadAsAReplacementCharacterAndSpoilsNothing() {
        Encoding lone = tokenizer.encode("😀 a\uD800b \uDC00 café");
        Encoding replaced = tokenizer.encode("😀 a\uFFFDb \uFFFD café");

        checkEqual(lone, replaced);
        assertThat(lone.tokens()).containsExactly("[CLS]", "[UNK]", "a", "##b", "c", "##a", "##f", "##e", "[SEP]");
        assertThat(lone.source().get(7)).isEqualTo(new Encoding.Token(12, 13, 2));
        checkEqual(
                tokenizer
                        .encodeAll(List.of(Text.of("😀 a\uD800b \uDC00 café")), 100)
                        .get(0),
                replaced);
        checkEqual(
                tokenizer.encode(Text.pair("x", "😀\uD800 é"), 100),
                tokenizer.encode(Text.pair("x", "😀\uFFFD é"), 100));
    }

    @Test
    void aMegabyteOfWordsIsEncoded() {
        String text = "hi ".repeat(350_000);

        Encoding whole = tokenizer.encode(text);
        Encoding cut = tokenizer.encode(Text.of(text), 512);

        assertThat(whole.length()).isEqualTo(700_002);
        assertThat(whole.source().get(700_000)).isEqualTo(new Encoding.Token(1_049_998, 1_049_999, 349_999));
        assertThat(cut.length()).isEqualTo(512);
        assertThat(cut.ids()).startsWith(Arrays.copyOf(whole.ids(), 511));
    }

    @Test
    void aWordOfAMegabyteIsUnknown() {
        Encoding encoding = tokenizer.encode("x".repeat(1 << 20));

        assertThat(encoding.tokens()).containsExactly("[CLS]", "[UNK]", "[SEP]");
        assertThat(encoding.source().get(1)).isEqualTo(new Encoding.Token(0, 1 << 20, 0));
    }

    @Test
    void offsetsCutTheTokenOutOfItsText() {
        Random random = new Random(3);
        String[] pieces =
                "a|b|Z|é|E\u0301|Ñ|😀|👩\u200D👩\u200D👧|𝔘|𐐀|你|！| | |\t|\0|\uD83D|\u200B|\u00A0|.|'|7|שלום|[MASK]"
                        .split("\\|");
        int checked = 0;

        for (int round = 0; round < 2_000; round++) {
            String first = joined(random, pieces, "");
            String second = joined(random, pieces, "");
            Encoding encoding = tokenizer.encode(Text.pair(first, second), 64);

            for (int i = 0; i < encoding.length(); i++) {
                Encoding.Token token = encoding.source().get(i);
                String written = encoding.tokens().get(i);
                if (token.isSpecial() || written.equals("[UNK]") || written.equals("[MASK]")) {
                    continue;
                }
                String text = encoding.tokenTypeIds()[i] == 0 ? first : second;
                assertThat(normalized(text.substring(token.start(), token.end())))
                        .isEqualTo(written.startsWith("##") ? written.substring(2) : written);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(10_000);
    }

    /** What BertNormalizer makes of a piece of text: clean, decomposed, without accents, in lower case. */
    private static String normalized(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK
                        && Character.getType(c) != Character.FORMAT
                        && Character.getType(c) != Character.SURROGATE
                        && c != 0)
                .map(Character::toLowerCase)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @Test
    void theVocabularyIsInTheOrderOfTheIds() {
        List<Integer> ids = List.copyOf(tokenizer.vocabulary().values());

        assertThat(ids).isEqualTo(IntStream.range(0, 1124).boxed().toList());
        assertThat(tokenizer.vocabulary().keySet()).startsWith("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "!");
        assertThat(tokenizer.padId()).isZero();
        assertThatThrownBy(() -> tokenizer.vocabulary().put("new", 1))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void addedTokensHaveTheIdsTheyAreEncodedWith() {
        JsonObject json = Fixtures.tinyTokenizerJson();
        json.getAsJsonObject("model").getAsJsonObject("vocab").addProperty("far", 2_000);
        JsonArray added = json.getAsJsonArray("added_tokens");
        Stream.of("[NEW]", "far", "[NEWER]", "[NEW]", "[NEWEST]")
                .forEach(token -> added.add(TokenizerConfig.addedToken(token, 9_999)));

        try (CloseableTokenizer other = Fixtures.tokenizer(json)) {
            assertThat(other.vocabulary()).hasSize(1124 + 4);
            other.vocabulary().forEach((token, id) -> {
                if ((token.length() > 1 && token.startsWith("[")) || token.equals("far")) {
                    assertThat(other.encode(token).ids()[1]).as(token).isEqualTo(id);
                }
            });
        }
    }

    @Test
    void decodingLeavesSpecialTokensOut() {
        int[] ids =
                tokenizer.encode(Text.pair("The house, is it old?", "No."), 100).ids();

        assertThat(tokenizer.decode(ids)).isEqualTo("the house, is it old? no.");
        assertThat(tokenizer.decode()).isEmpty();
        assertThat(tokenizer.decode(0, 2, 3)).isEmpty();
    }

    @Test
    void decodingCleansUpWhereTheConfigSaysSo() {
        int[] ids = tokenizer.encode("it's").ids();

        try (CloseableTokenizer plain = OrtTokenizers.read(Fixtures.tinyBert("tokenizer.json"), "tiny_bert")) {
            assertThat(plain.decode(ids)).isEqualTo("it ' s");
            assertThat(tokenizer.decode(ids)).isEqualTo("it's");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1124, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void decodingAnUnknownIdIsRefused(int id) {
        assertThatThrownBy(() -> tokenizer.decode(43, id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tiny_bert")
                .hasMessageContaining(String.valueOf(id))
                .hasMessageContaining("1124");
    }

    @Test
    void aClosedTokenizerEncodesAndDecodesNoMore() {
        CloseableTokenizer closed = Fixtures.tinyTokenizer();
        closed.close();

        closed.close();

        assertThatThrownBy(() -> closed.encode("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tiny_bert");
        assertThatThrownBy(() -> closed.encodeAll(List.of(Text.of("a")), 8)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closed.decode(43)).isInstanceOf(IllegalStateException.class);
        assertThat(closed.vocabulary()).hasSize(1124);
    }
}
