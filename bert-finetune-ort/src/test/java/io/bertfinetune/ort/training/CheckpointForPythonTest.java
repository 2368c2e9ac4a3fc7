package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.Trainer;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.model.Model;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Leaves a checkpoint in {@code target/checkpoint-for-python}, for {@code src/test/oracle/check_checkpoint.py} to go on from
 * with Hugging Face's Trainer.
 */
@Tag("long")
class CheckpointForPythonTest {
    private static final Path FOLDER = Path.of("target", "checkpoint-for-python");

    @Test
    void aCheckpointForPython() {
        try (Model<Text, String, Classification> model = Models.withDropout()) {
            Trainer.builder()
                    .model(model)
                    .trainDataset(Dataset.of(Models.examples(40, "no", "yes")))
                    .evalDataset(Dataset.of(Models.examples(8, "no", "yes")))
                    .outputDir(FOLDER)
                    .perDeviceTrainBatchSize(4)
                    .numTrainEpochs(2)
                    .learningRate(1e-3)
                    .weightDecay(0.01)
                    .warmupSteps(3)
                    .lrSchedulerType(LearningRateSchedule.cosine())
                    .evalStrategy(IntervalStrategy.STEPS)
                    .evalSteps(4)
                    .saveSteps(7)
                    .saveTotalLimit(0)
                    .loggingSteps(2)
                    .loadBestModelAtEnd(true)
                    .metricForBestModel("loss")
                    .includeNumInputTokensSeen(InputTokens.NON_PADDING)
                    .autoFindBatchSize(true)
                    .callbacks(EarlyStopping.patience(5))
                    .build()
                    .train();
        }

        assertThat(FOLDER.resolve("checkpoint-14/MANIFEST.sha256")).exists();
    }
}
