package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.Bert;
import io.bertfinetune.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreparingTextTest {
    @TempDir
    private Path folder;

    @Test
    void everySectionIsPrinted() throws Exception {
        List<String> printed = Printed.by(() -> PreparingText.main(
                "--model",
                TinyBert.in(folder).toString(),
                "--data",
                SmallMails.in(folder).toString(),
                "--text",
                "It broke."));

        assertThat(printed)
                .contains("attention to [PAD], all layers and heads together: 0.0", "labels [2]")
                .anyMatch(line -> line.matches(" 0 +\\d+  \\[CLS\\] +\\(added\\)"))
                .anyMatch(line -> line.matches("tokens  \\[CLS\\] .* \\[SEP\\] .* \\[SEP\\]"))
                .anyMatch(line -> line.matches("types   \\[0, .*, 1\\]"))
                .anyMatch(line -> line.matches("together +1,124"))
                .anyMatch(line -> line.startsWith(SmallMails.TRAIN + " texts, mean "));
        assertThat(after("logits, padded ", printed)).isEqualTo(after("logits, unpadded ", printed));
    }

    private static String after(String start, List<String> printed) {
        return printed.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyTextIsCountedOnceInTheHistogram() throws Exception {
        List<String> printed = Printed.by(() -> PreparingText.main(
                "--model",
                TinyBert.in(folder).toString(),
                "--data",
                SmallMails.in(folder).toString()));

        int texts = printed.stream()
                .filter(line -> line.matches(" *\\d+ to +\\d+ tokens .*"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll(".* tokens +(\\d+).*", "$1")))
                .sum();
        assertThat(texts).isEqualTo(SmallMails.TRAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "[unused17], [unused] entries",
        "[MASK], special tokens",
        "##ing, ## pieces",
        "##, whole words",
        "#, single characters",
        "語, single characters",
        "1984, numbers",
        "house, whole words"
    })
    void kindsOfEntries(String entry, String kind) {
        assertThat(PreparingText.kind(entry)).isEqualTo(kind);
    }

    @Test
    void theLongestPieceComesFirst() {
        Map<String, Integer> vocabulary = Map.of("un", 0, "unb", 1, "##buy", 2, "##uy", 3, "##able", 4, "##a", 5);

        assertThat(PreparingText.wordPieces("unbuyable", vocabulary)).containsExactly("unb", "##uy", "##able");
        assertThat(PreparingText.wordPieces("unbuyables", vocabulary)).containsExactly("[UNK]");
    }

    @Test
    void byHandItIsTheSameAsTheTokenizer() {
        Tokenizer tokenizer = Bert.fromPretrained(Shipped.miniLm()).loadTokenizer();

        assertThat(List.of("tokenizer", "postgresql", "unbuyable", "the", "qqqq", "invoice"))
                .allSatisfy(word -> {
                    List<String> tokens = tokenizer.encode(word).tokens();
                    assertThat(PreparingText.wordPieces(word, tokenizer.vocabulary()))
                            .isEqualTo(tokens.subList(1, tokens.size() - 1));
                });
    }
}
