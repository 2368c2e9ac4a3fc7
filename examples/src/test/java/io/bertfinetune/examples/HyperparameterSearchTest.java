package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HyperparameterSearchTest {
    @TempDir
    private Path folder;

    @Test
    void trialsAreListedAndWritten() throws Exception {
        List<String> printed = Printed.by(() -> HyperparameterSearch.main(
                "--model",
                TinyBert.in(folder).toString(),
                "--data",
                SmallMails.in(folder).toString(),
                "--output",
                folder.resolve("found").toString(),
                "--trials",
                "3",
                "--rows",
                "24",
                "--epochs",
                "1"));

        assertThat(printed)
                .hasSize(4 + 1 + 4)
                .anyMatch(
                        line -> line.matches("trial +learningRate +perDeviceTrainBatchSize +maxLength +eval_accuracy"))
                .anyMatch(line -> line.matches("best: TrainingArguments\\[.*learningRate=.*"))
                .anyMatch(line -> line.matches("trial .* +numTrainEpochs +eval_accuracy"));
        assertThat(Files.readAllLines(folder.resolve("found").resolve("search.csv")))
                .hasSize(4);
        assertThat(folder.resolve("found").resolve("search.json"))
                .content()
                .contains("\"objective\": \"eval_accuracy\"");
    }
}
