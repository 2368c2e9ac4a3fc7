package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeatedRunsTest {
    @TempDir
    private Path folder;

    @Test
    void everySeedAndEveryFoldIsInATable() throws Exception {
        List<String> printed = Printed.by(() -> RepeatedRuns.main(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString(),
                "--runs", "2",
                "--rows", "24",
                "--epochs", "1"));

        assertThat(printed)
                .anyMatch(line -> line.matches("metric +mean +std +95 % interval +seed 42 +seed 43"))
                .anyMatch(line -> line.matches("accuracy: .*, standard deviation .*, 95 % interval .* to .*"))
                .anyMatch(line -> line.matches("metric +mean +std +95 % interval +fold 1 +fold 2"));
        assertThat(printed.stream().filter(line -> line.startsWith("eval_accuracy ")))
                .hasSize(3);
    }
}
