package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a page of the workshop shows as output is what its program prints. */
class WorkshopTest {
    private static final Path PAGES = Path.of("..", "docs", "workshop");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d+\\.\\d+");
    /** Another processor may round the last digit otherwise. */
    private static final double TOLERANCE = 0.0101;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @Tag("long")
    @CsvSource({"1-overview.md, InsideBert, --picture", "2-preparing-text.md, PreparingText,"})
    void everyOutputOnThePageIsPrinted(String page, String example, String picture) throws Exception {
        List<String> args = new ArrayList<>(List.of(example));
        if (picture != null) {
            args.addAll(List.of(picture, folder.resolve("picture.svg").toString()));
        }

        List<String> printed = Printed.by(() -> Examples.run(System.out, System.err, args.toArray(String[]::new)));

        List<List<String>> outputs = outputs(PAGES.resolve(page));
        assertThat(outputs).hasSizeGreaterThan(4);
        for (List<String> output : outputs) {
            assertThat(contains(printed, output))
                    .as("%s prints%n%s", example, String.join("\n", output))
                    .isTrue();
        }
    }

    @Test
    void linesAreFoundInOrderAndUpToTheLastDigit() {
        List<String> printed = List.of("a 0.25 of 3", "b", "c -1.50");

        assertThat(contains(printed, List.of("b", "c -1.49"))).isTrue();
        assertThat(contains(printed, List.of("a 0.26 of 3"))).isTrue();
        assertThat(contains(printed, List.of("a 0.27 of 3"))).isFalse();
        assertThat(contains(printed, List.of("a 0.25 of 4"))).isFalse();
        assertThat(contains(printed, List.of("a 0.25 of 3", "c -1.50"))).isFalse();
        assertThat(contains(printed, List.of("c -1.50", "d"))).isFalse();
    }

    private static List<List<String>> outputs(Path page) throws IOException {
        List<List<String>> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```text")) {
                List<String> rest = lines.subList(i + 1, lines.size());
                blocks.add(rest.subList(0, rest.indexOf("```")));
            }
        }
        return blocks;
    }

    private static boolean contains(List<String> printed, List<String> block) {
        return IntStream.rangeClosed(0, printed.size() - block.size())
                .anyMatch(start ->
                        IntStream.range(0, block.size()).allMatch(i -> isSame(printed.get(start + i), block.get(i))));
    }

    private static boolean isSame(String printed, String shown) {
        double[] found = decimals(printed);
        double[] expected = decimals(shown);
        return DECIMAL.matcher(printed)
                        .replaceAll("#")
                        .equals(DECIMAL.matcher(shown).replaceAll("#"))
                && IntStream.range(0, found.length).allMatch(i -> Math.abs(found[i] - expected[i]) < TOLERANCE);
    }

    private static double[] decimals(String line) {
        return DECIMAL.matcher(line)
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group()))
                .toArray();
    }
}
