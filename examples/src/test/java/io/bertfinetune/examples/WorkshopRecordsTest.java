package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parts 3 and 4 of the workshop show runs that take minutes and were recorded: each output on a page stands, line by line, in
 * one of the files that such a run left in {@code docs/images/workshop}.
 */
class WorkshopRecordsTest {
    private static final Path DOCS = Path.of("..", "docs");

    @ParameterizedTest
    @ValueSource(strings = {"3-fine-tuning-loop.md", "4-the-trainer.md"})
    void everyOutputOnThePageWasRecorded(String page) throws IOException {
        List<String> records;
        try (Stream<Path> files = Files.list(DOCS.resolve("images/workshop"))) {
            records = files.filter(file -> file.toString().endsWith(".txt"))
                    .map(WorkshopRecordsTest::read)
                    .toList();
        }

        List<String> outputs = outputs(DOCS.resolve("workshop").resolve(page));

        assertThat(outputs)
                .hasSizeGreaterThan(2)
                .allSatisfy(output -> assertThat(records).anyMatch(record -> record.contains(output)));
    }

    private static List<String> outputs(Path page) throws IOException {
        List<String> outputs = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```text")) {
                List<String> rest = lines.subList(i + 1, lines.size());
                outputs.add(String.join("\n", rest.subList(0, rest.indexOf("```"))) + "\n");
            }
        }
        return outputs;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
