package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckDataTest {
    @TempDir
    private Path folder;

    private List<String> run(String maxLength) throws Exception {
        return Printed.by(() -> CheckData.main(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString(),
                "--max_length", maxLength));
    }

    @Test
    void theReportHasALineForEachPartAndAnEstimate() throws Exception {
        assertThat(run("512"))
                .anyMatch(line -> line.startsWith("train: 48 rows; 48 tokenized: "))
                .anyMatch(line -> line.startsWith("validation: 24 rows; "))
                .anyMatch(line -> line.startsWith("test: 12 rows; "))
                .anyMatch(line -> line.matches("estimate: an epoch has about .* tokens .* activations .* MB"));
    }

    @Test
    void aShortMaximalLengthIsWarnedOf() throws Exception {
        assertThat(run("8"))
                .anyMatch(line ->
                        line.startsWith("TRUNCATED: 48 texts of 48 of train (100.0 %) are longer than maxLength(8)"));
    }
}
