package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTourTest {
    @TempDir
    private Path folder;

    @Test
    void metricsAreReportedWhileTrainingAndAfter() throws Exception {
        List<String> printed = Printed.by(() -> TrainerTour.main(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString(),
                "--epochs", "2",
                "--output", folder.resolve("runs").toString()));

        assertThat(printed)
                .startsWith("training 4 steps, 2 epochs, batches of 16")
                .anyMatch(
                        line -> line.matches("step 1/4, .*eval_matthews_correlation .*, eval_accuracy .*, eval_f1 .*"))
                .anyMatch(line -> line.matches("trained [1-4] steps: .*train_loss=.*"))
                .anyMatch(line -> line.matches("best: .*checkpoint-[1-4]"))
                .last()
                .asString()
                .startsWith("test: ")
                .contains("eval_matthews_correlation=", "eval_accuracy=", "eval_f1=");
        assertThat(folder.resolve("runs")).isDirectoryContaining("glob:**/checkpoint-*");
    }
}
