package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.error.AllocationException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoFindBatchSizeTest {
    @TempDir
    private Path folder;

    @Test
    void aRunThatShrinksIsTheRunWithTheSmallBatch() {
        LinearModel small = model();
        EventRecorder smallEvents = new EventRecorder();
        var asSmall = builder(small, 2, 4).callbacks(smallEvents).build();
        LinearModel shrunk = model().fitting(3);
        EventRecorder shrunkEvents = new EventRecorder();
        var asShrunk = builder(shrunk, 8, 1)
                .autoFindBatchSize(true)
                .callbacks(shrunkEvents)
                .build();

        TrainOutput expected = asSmall.train();
        TrainOutput found = asShrunk.train();

        assertThat(shrunk.calls).isEqualTo(small.calls);
        assertThat(shrunk.trained).isEqualTo(small.trained);
        assertThat(shrunk.weights()).isEqualTo(small.weights());
        assertThat(withoutTimes(found.metrics())).isEqualTo(withoutTimes(expected.metrics()));
        assertThat(shrunkEvents.names()).isEqualTo(smallEvents.names());
        assertThat(asShrunk.state().trainBatchSize()).isEqualTo(2);
    }

    @Test
    void aStepIsMadeOfAsManyExamplesAsBefore() {
        LinearModel model = model().fitting(3);

        builder(model, 8, 2).autoFindBatchSize(true).build().train();

        assertThat(model.calls.subList(0, 11))
                .containsExactly(
                        "forwardBackward 2",
                        "forwardBackward 2",
                        "forwardBackward 2",
                        "forwardBackward 2",
                        "forwardBackward 2",
                        "forwardBackward 2",
                        "forwardBackward 2",
                        "forwardBackward 2",
                        "clip 1.0",
                        "step 0.5",
                        "zeroGrad");
    }

    @Test
    void aLoopOfOnesOwnSeesWholeBatches() {
        LinearModel whole = model();
        LinearModel cut = model().fitting(5);
        double[] losses = new double[2];

        for (LinearModel model : List.of(whole, cut)) {
            builder(model, 8, 1)
                    .maxSteps(1)
                    .autoFindBatchSize(true)
                    .trainingLoop((session, updates) -> updates.forEach(update -> {
                        var batch = update.microBatches().get(0);
                        assertThat(batch.size()).isEqualTo(8);
                        losses[model == cut ? 1 : 0] =
                                session.forwardBackward(batch).loss();
                        session.step(update.learningRate());
                        session.zeroGrad();
                    }))
                    .build()
                    .train();
        }

        assertThat(losses[1]).isPositive().isEqualTo(losses[0]);
    }

    @Test
    void evaluationShrinksToo() {
        LinearModel model = model().fitting(3);
        var trainer = builder(model, 8, 1).autoFindBatchSize(true).build();
        LinearModel same = model();

        Metrics found = trainer.evaluate();

        assertThat(model.evaluated).containsExactly(2, 2, 2, 2, 2, 1);
        assertThat(withoutTimes(found))
                .isEqualTo(withoutTimes(builder(same, 8, 1).build().evaluate()));
        assertThat(trainer.predict(Dataset.of(Numbers.list(5))).outcomes())
                .extracting(outcome -> outcome.example().input())
                .containsExactlyElementsOf(
                        Numbers.list(5).stream().map(e -> e.input()).toList());
    }

    @Test
    void aRunGoesOnWithThePiecesItFound() throws Exception {
        LinearModel whole = model().fitting(3);
        var uninterrupted =
                saving(builder(whole, 8, 1), folder).autoFindBatchSize(true).build();
        uninterrupted.train();

        for (int step = 1; step <= 6; step++) {
            LinearModel roomy = model(); // everything fits, so what is cut is so for the checkpoint's sake
            var trainer = saving(builder(roomy, 8, 1), folder.resolve("again"))
                    .autoFindBatchSize(true)
                    .build();
            trainer.resume(folder.resolve("checkpoint-" + step));

            assertThat(roomy.weights()).as("from step %d", step).isEqualTo(whole.weights());
            assertThat(trainer.state().trainBatchSize()).isEqualTo(2);
            if (step > 3) { // after the first evaluation, which found out that it does not fit
                assertThat(log(trainer)).isEqualTo(log(uninterrupted));
                assertThat(roomy.evaluated).containsExactly(2, 2, 2, 2, 2, 1);
            }
        }
        assertThat(Files.readString(folder.resolve("checkpoint-3/trainer_state.json")))
                .contains("\"train_batch_size\": 2");
    }

    @Test
    void unlessAskedForTheRunEndsAndSaysWhatToDo() {
        LinearModel model = model().fitting(3);
        var trainer = builder(model, 8, 1).build();

        assertThatThrownBy(trainer::train)
                .isInstanceOf(AllocationException.class)
                .hasMessageContaining("a batch of 8 examples does not fit")
                .hasMessageContaining("no memory for 8 examples")
                .hasMessageContaining("perDeviceTrainBatchSize")
                .hasMessageContaining("autoFindBatchSize(true)");
        assertThatThrownBy(trainer::evaluate)
                .isInstanceOf(AllocationException.class)
                .hasMessageContaining("perDeviceEvalBatchSize");
        assertThat(model.calls).containsExactly("close");
    }

    @Test
    void whereNotOneExampleFitsTheRunEnds() {
        var trainer = builder(model().fitting(0), 8, 1).autoFindBatchSize(true).build();

        assertThatThrownBy(trainer::train)
                .isInstanceOf(AllocationException.class)
                .hasMessageContaining("not even one example fits")
                .hasMessageContaining("maxLength");
    }

    private static List<Map<String, Double>> log(Trainer<?, ?, ?> trainer) {
        return trainer.state().logHistory().stream()
                .map(AutoFindBatchSizeTest::withoutTimes)
                .toList();
    }

    private static LinearModel model() {
        return Numbers.model().momentum(0.9);
    }

    /** 22 examples, two epochs, evaluated once an epoch. */
    private static Trainer.Builder<Text, String, Classification> builder(
            LinearModel model, int batchSize, int accumulation) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Numbers.signs(22))
                .evalDataset(Dataset.of(Numbers.list(11)))
                .evalStrategy(IntervalStrategy.EPOCH)
                .perDeviceTrainBatchSize(batchSize)
                .gradientAccumulationSteps(accumulation)
                .numTrainEpochs(2)
                .learningRate(0.5)
                .loggingSteps(1)
                .files(new UnforcedFiles());
    }

    private static Trainer.Builder<Text, String, Classification> saving(
            Trainer.Builder<Text, String, Classification> builder, Path outputDir) {
        return builder.outputDir(outputDir)
                .saveStrategy(SaveStrategy.STEPS)
                .saveSteps(1)
                .saveTotalLimit(0);
    }

    private static Map<String, Double> withoutTimes(Metrics metrics) {
        return metrics.values().entrySet().stream()
                .filter(entry ->
                        !entry.getKey().endsWith("_runtime") && !entry.getKey().endsWith("_per_second"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
