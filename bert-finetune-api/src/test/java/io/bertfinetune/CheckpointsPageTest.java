package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of {@code docs/checkpoints.md}. */
class CheckpointsPageTest {
    @TempDir
    private Path runs;

    @Test
    void aRunGoesOnWhereItsNewestCheckpointIs() {
        IndexedDataset<Example<Text, String>> train = Numbers.signs(20);
        IndexedDataset<Example<Text, String>> dev = Numbers.signs(8);
        var model = Numbers.model();
        // #region resume
        var trainer = Trainer.builder()
                .model(model)
                .trainDataset(train)
                .evalDataset(dev)
                .outputDir(runs.resolve("cola"))
                .saveSteps(100)
                .saveTotalLimit(2)
                .evalStrategy(IntervalStrategy.EPOCH)
                .loadBestModelAtEnd(true)
                .build();
        TrainOutput output = trainer.resumeLatest(); // from the start, or after a crash from the newest checkpoint
        // #endregion resume

        assertThat(output.globalStep()).isEqualTo(9);
        assertThat(runs.resolve("cola").resolve("checkpoint-9")).isDirectory();
    }
}
