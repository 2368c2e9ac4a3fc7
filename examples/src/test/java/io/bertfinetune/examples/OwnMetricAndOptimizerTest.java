package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnMetricAndOptimizerTest {
    @TempDir
    private Path folder;

    @Test
    void theMetricIsReportedBesideAccuracyAndTheScheduleIsFollowed() throws Exception {
        List<String> printed = Printed.by(() -> OwnMetricAndOptimizer.main(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString(),
                "--epochs", "2"));

        assertThat(printed)
                .startsWith("training 6 steps, 2 epochs, batches of 16")
                .anyMatch(line ->
                        line.matches("step 3/6, epoch 1.00, eval_loss .*, eval_returns_recall .*, eval_accuracy .*"))
                .anyMatch(line -> line.startsWith("step 1/6, ") && line.contains(", lr 5.00e-05, "))
                .anyMatch(line -> line.startsWith("step 4/6, ") && line.contains(", lr 1.25e-05, "));
    }
}
