package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.Bert;
import io.bertfinetune.TrainOutput;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong in the Trainer of transformers 5.18.0 and does not here. The numbers in the comments are what it reported on
 * small runs of its own. (A sixth, that early stopping ends a run that gets better slowly but steadily, is in
 * {@code EarlyStoppingTest} of the api.)
 */
class HuggingFaceDefectsTest {
    private static final List<Example<Text, String>> EXAMPLES = Models.examples(32, "negative", "neutral", "positive");

    /**
     * There 8 batches of 4 give 8 times the loss and gradient of one batch of 32, 4 batches of 8 four times: train_loss 2.76
     * in place of 0.69 (issue 47688).
     */
    @Test
    void accumulationMultipliesNeitherLossNorGradient() {
        Metrics big = firstLog(32, 1);

        assertThat(firstLog(8, 4).get("loss")).isCloseTo(big.get("loss"), within(1e-6));
        assertThat(firstLog(4, 8).get("loss")).isCloseTo(big.get("loss"), within(1e-6));
        assertThat(firstLog(8, 4).get("grad_norm")).isCloseTo(big.get("grad_norm"), within(1e-5));
        assertThat(firstLog(4, 8).get("grad_norm")).isCloseTo(big.get("grad_norm"), within(1e-5));
    }

    private static Metrics firstLog(int batchSize, int accumulation) {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            var trainer = builder(model)
                    .perDeviceTrainBatchSize(batchSize)
                    .gradientAccumulationSteps(accumulation)
                    .numTrainEpochs(1)
                    .build();
            trainer.train();
            return trainer.state().logHistory().get(0);
        }
    }

    /**
     * There the log of a model whose loss is NaN from step 4 on says 0.694 0.696 0.698 0.0 0.0 0.0 0.0 0.0, train_loss is
     * 0.26, and nothing is thrown.
     */
    @Test
    void aTrainingThatBecomesNanDoesNotLookHealthy() {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            var trainer = builder(model)
                    .learningRate(1e30)
                    .lrSchedulerType(LearningRateSchedule.constant())
                    .build();

            assertThatThrownBy(trainer::train)
                    .isInstanceOf(NonFiniteLossException.class)
                    .hasMessageContaining("in step 2");
            assertThat(trainer.state().logHistory())
                    .hasSize(1)
                    .allSatisfy(entry -> assertThat(entry.get("loss")).isPositive());
        }
    }

    /** There a run resumed at step 7 of 15 reports a train_loss of 0.370 (0.695) and 156 samples a second (83). */
    @Test
    void metricsAfterAResumeAreThoseOfTheWholeRun(@TempDir Path folder) {
        TrainOutput whole;
        try (Model<Text, String, Classification> model = Models.withDropout()) {
            whole = fifteenSteps(model, folder).train();
        }
        try (Model<Text, String, Classification> model = Models.withDropout()) {
            TrainOutput resumed = fifteenSteps(model, folder.resolve("again")).resume(folder.resolve("checkpoint-7"));

            assertThat(resumed.trainingLoss()).isEqualTo(whole.trainingLoss());
            assertThat(resumed.metrics().get("train_loss"))
                    .isEqualTo(whole.metrics().get("train_loss"));
            assertThat(resumed.metrics().get("train_samples_per_second")
                            * resumed.metrics().get("train_runtime"))
                    .isCloseTo(60, within(1e-6)); // the samples of all 15 steps in the time of all 15
        }
    }

    private static Trainer<Text, String, Classification> fifteenSteps(
            Model<Text, String, Classification> model, Path folder) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Dataset.of(Models.examples(20, "no", "yes")))
                .perDeviceTrainBatchSize(4)
                .numTrainEpochs(3)
                .outputDir(folder)
                .saveSteps(7)
                .saveTotalLimit(0)
                .build();
    }

    /**
     * There the evaluation loss of token classification is a mean of means: 0.6985 in place of 0.6927 for batches with
     * unevenly many tokens. Here the items of a batch weigh it, be they tokens or, as in this test, weighted classes.
     */
    @Test
    void evaluationLossIsPerItemNotPerBatch() {
        var task = SequenceClassification.of("no", "yes").classWeights(Map.of("no", 1.0, "yes", 9.0));
        List<Example<Text, String>> uneven = Models.examples(11, "yes", "no", "no", "no");
        try (Model<Text, String, Classification> model =
                Bert.fromPretrained(Golden.path("tiny_bert")).load(task)) {
            sharpen(model);
            var one = evaluating(model, uneven, 11);
            var many = evaluating(model, uneven, 3);
            double means = 0;
            for (int at = 0; at < 11; at += 3) {
                means += model.evaluate(model.collator(Padding.LONGEST)
                                        .collate(uneven.subList(at, Math.min(11, at + 3))))
                                .loss()
                        / 4;
            }

            double loss = many.evaluate().get("eval_loss");

            assertThat(loss).isCloseTo(one.evaluate().get("eval_loss"), within(1e-6));
            assertThat(Math.abs(loss - means)).isGreaterThan(1e-3);
        }
    }

    /** Makes the answers differ from example to example, so that a wrong mean shows. */
    private static void sharpen(Model<Text, String, Classification> model) {
        try (TrainingSession<Example<Text, String>> session =
                model.startTraining(SessionOptions.of(AdamW.defaults()))) {
            session.forwardBackward(model.collator(Padding.LONGEST).collate(Models.examples(8, "yes", "no")));
            session.step(0.1);
            session.zeroGrad();
        }
    }

    private static Trainer<Text, String, Classification> evaluating(
            Model<Text, String, Classification> model, List<Example<Text, String>> examples, int batchSize) {
        return Trainer.builder()
                .model(model)
                .evalDataset(Dataset.of(examples))
                .perDeviceEvalBatchSize(batchSize)
                .build();
    }

    /** There the same model has an eval_loss of 0.69242 with and of 0.69258 without a label_smoothing_factor of 0.2. */
    @Test
    void labelSmoothingDoesNotReachTheEvaluationLoss() {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            var plain = builder(model).build();
            var smoothed = builder(model).labelSmoothingFactor(0.2).build();

            assertThat(smoothed.evaluate().get("eval_loss"))
                    .isEqualTo(plain.evaluate().get("eval_loss"));
            assertThat(trainingLoss(model, 0.2)).isNotCloseTo(trainingLoss(model, 0), within(1e-4));
        }
    }

    private static double trainingLoss(Model<Text, String, Classification> model, double smoothing) {
        try (TrainingSession<Example<Text, String>> session =
                model.startTraining(SessionOptions.of(AdamW.defaults()).labelSmoothingFactor(smoothing))) {
            return session.forwardBackward(model.collator(Padding.LONGEST).collate(EXAMPLES))
                    .loss();
        }
    }

    private static Trainer.Builder<Text, String, Classification> builder(Model<Text, String, Classification> model) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Dataset.of(EXAMPLES))
                .evalDataset(Dataset.of(EXAMPLES))
                .loggingSteps(1);
    }
}
