package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a run does of a step that its session left out: Hugging Face's Trainer (5.18, {@code _run_epoch}) counts it in
 * {@code global_step} and leaves the schedule where it was, as {@code optimizer_step_was_skipped} tells it to.
 */
class SkippedStepsTest {
    @TempDir
    private Path folder;

    private final LinearModel model = Numbers.model().momentum(0.9);

    @Test
    void theScheduleWaitsAndTheRunDoesNot() {
        model.overflowing(1, 3);

        TrainOutput output = trainer(model, "run").train();

        assertThat(rates(model)).containsExactly("step 1.0", "step 1.0", "step 0.8", "step 0.8", "step 0.6");
        assertThat(output.globalStep()).isEqualTo(5);
    }

    @Test
    void skippedStepsAreCountedInTheLogAndInTheEnd() {
        var trainer = trainer(model.overflowing(2, 4), "run");

        TrainOutput output = trainer.train();

        assertThat(trainer.state().logHistory().stream()
                        .map(entry -> entry.values().getOrDefault("skipped_steps", 0.0)))
                .startsWith(0.0, 1.0, 1.0, 2.0, 2.0);
        assertThat(output.metrics().get("train_skipped_steps")).isEqualTo(2);
    }

    @Test
    void theLossOfASkippedStepIsInNoMean() {
        var trainer = trainer(model.overflowing(2), "run");

        TrainOutput output = trainer.train();

        assertThat(output.trainingLoss()).isFinite();
        assertThat(trainer.state().logHistory().stream()
                        .filter(entry -> entry.has("loss"))
                        .map(entry -> entry.values().get("loss")))
                .hasSize(4)
                .allMatch(Double::isFinite);
    }

    @Test
    void aRunThatSkipsNothingSaysNothing() {
        var trainer = trainer(model, "run");

        TrainOutput output = trainer.train();

        assertThat(trainer.state().logHistory())
                .allSatisfy(entry -> assertThat(entry.has("skipped_steps")).isFalse());
        assertThat(output.metrics().has("train_skipped_steps")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aResumedRunKnowsWhatWasSkippedBefore(int step) {
        TrainOutput whole = trainer(model.overflowing(2, 3), "whole").train();
        LinearModel again = Numbers.model().momentum(0.9).overflowing(2, 3);

        TrainOutput resumed = trainer(again, "again").resume(folder.resolve("whole/checkpoint-" + step));

        assertThat(rates(again)).isEqualTo(rates(model).subList(step, 5));
        assertThat(again.weights()).isEqualTo(model.weights());
        assertThat(resumed.metrics().get("train_skipped_steps")).isEqualTo(2);
        assertThat(resumed.trainingLoss()).isEqualTo(whole.trainingLoss());
    }

    private static List<String> rates(LinearModel model) {
        return model.calls.stream().filter(call -> call.startsWith("step ")).toList();
    }

    /** Five steps whose rates are 1, 0.8, 0.6, 0.4, 0.2 if none is left out. */
    private Trainer<?, ?, ?> trainer(LinearModel trained, String name) {
        return Trainer.builder()
                .model(trained)
                .trainDataset(Numbers.signs(10))
                .outputDir(folder.resolve(name))
                .files(new UnforcedFiles())
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(1)
                .learningRate(1)
                .loggingSteps(1)
                .saveStrategy(SaveStrategy.STEPS)
                .saveSteps(1)
                .saveTotalLimit(0)
                .build();
    }
}
