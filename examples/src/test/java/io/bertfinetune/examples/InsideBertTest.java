package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Tensor;
import io.bertfinetune.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InsideBertTest {
    private static final Path PICTURE = Path.of("..", "docs", "images", "workshop", "attention.svg");
    private static final Pattern CELL = Pattern.compile("(x=\"\\d+\" y=\"\\d+\").* opacity=\"([\\d.]+)\"");

    @TempDir
    private Path folder;

    @Test
    void everySectionIsPrinted() throws Exception {
        Path picture = folder.resolve("attention.svg");

        List<String> printed = Printed.by(() -> InsideBert.main(
                "--model", TinyBert.in(folder).toString(), "--text", "It broke.", "--picture", picture.toString()));

        assertThat(printed)
                .contains(
                        "-- weights",
                        "layer 4     [10, 32], attention [4, 10, 10]",
                        "logits      [2]",
                        "drawn into " + picture)
                .anyMatch(line -> line.startsWith("embeddings         52,928 "))
                .anyMatch(line -> line.matches("\\[CLS\\] +looks at  .* [01]\\.\\d\\d"))
                .anyMatch(line -> line.matches("the token before +0\\.\\d\\d +layer \\d, head \\d: 0\\.\\d\\d"))
                .anyMatch(line -> line.matches("layer 4 +-?0\\.\\d\\d +-?0\\.\\d\\d +-?0\\.\\d\\d"))
                .anyMatch(line -> line.matches("yes  0\\.\\d\\d"));
        assertThat(picture).content().startsWith("<svg ").contains("<title", "<desc", "</svg>");
    }

    @Test
    void theSharesOfAHeadAreWhatItsTokensGiveThere() {
        Tensor attention = Tensor.ofFloats(
                new float[] {
                    1, 0, 0, 0, //
                    .5f, .25f, .125f, .125f, // [CLS], itself, after, [SEP]
                    .0f, .5f, .25f, .25f, // before, itself, [SEP]
                    0, 0, 0, 1
                },
                1,
                4,
                4);
        Trace trace = new Trace(
                List.of("[CLS]", "a", "b", "[SEP]"),
                List.of(Tensor.ofFloats(new float[4], 4, 1), Tensor.ofFloats(new float[4], 4, 1)),
                List.of(attention),
                Map.of());

        assertThat(share(trace, InsideBert.Look.SPECIAL)).isCloseTo((.625 + .25) / 2, within(1e-9));
        assertThat(share(trace, InsideBert.Look.ITSELF)).isCloseTo((.25 + .25) / 2, within(1e-9));
        assertThat(share(trace, InsideBert.Look.AFTER)).isCloseTo(.125 / 2, within(1e-9));
        assertThat(share(trace, InsideBert.Look.BEFORE)).isCloseTo(.5 / 2, within(1e-9));
        assertThat(share(trace, InsideBert.Look.ELSEWHERE)).isZero();
    }

    private static double share(Trace trace, InsideBert.Look look) {
        return InsideBert.Head.all(trace, look).get(0).share();
    }

    @Test
    @Tag("long")
    void thePictureOfThePageIsTheOneItDraws() throws Exception {
        Path picture = folder.resolve("attention.svg");

        Printed.by(() -> InsideBert.main("--picture", picture.toString()));

        String drawn = Files.readString(picture);
        String shown = Files.readString(PICTURE);
        assertThat(drawn.replaceAll("<rect class=\"cell\".*\n", ""))
                .isEqualTo(shown.replaceAll("<rect class=\"cell\".*\n", ""));
        Map<String, Double> found = cells(drawn);
        Map<String, Double> expected = cells(shown);
        List<String> places = new ArrayList<>(found.keySet());
        places.addAll(expected.keySet());
        assertThat(places)
                .hasSizeGreaterThan(400)
                .allSatisfy(place -> assertThat(found.getOrDefault(place, 0.0))
                        .isCloseTo(expected.getOrDefault(place, 0.0), within(0.0101)));
    }

    private static Map<String, Double> cells(String svg) {
        Map<String, Double> cells = new HashMap<>();
        Matcher cell = CELL.matcher(svg);
        while (cell.find()) {
            cells.put(cell.group(1), Double.parseDouble(cell.group(2)));
        }
        return cells;
    }
}
