package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Expr;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.Update;
import io.bertfinetune.ort.weights.SafeTensors;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real model with dropout, broken off and gone on with. */
class ResumeOnEngineTest {
    private static final List<Example<Text, String>> EXAMPLES = Models.examples(26, "no", "yes");

    @TempDir
    private Path folder;

    /** The bytes of the weights, and the log without times. */
    private record Result(byte[] weights, List<Map<String, Double>> history, double trainLoss) {}

    @ParameterizedTest
    @CsvSource({"1, 3", "1, 7", "1, 13", "3, 2", "3, 3", "3, 5"})
    void aResumedRunEndsWithTheSameBytes(int accumulation, int step) throws IOException {
        Result whole = run("whole", accumulation, trainer -> trainer.train());

        Result resumed = run(
                "resumed-" + step,
                accumulation,
                trainer -> trainer.resume(folder.resolve("whole").resolve("checkpoint-" + step)));

        assertThat(resumed.weights).isEqualTo(whole.weights);
        assertThat(resumed.history).isEqualTo(whole.history);
        assertThat(resumed.trainLoss).isEqualTo(whole.trainLoss);
    }

    @Test
    void theStateOfASessionComesBackExactly() {
        try (Model<Text, String, Classification> model = Models.withDropout()) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES.subList(0, 6));
            double expected;
            try (TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
                step(session, batch);
                step(session, batch);
                model.saveWeights(folder);
                session.saveState(folder.resolve("optimizer.safetensors"));
                step(session, batch);
                expected = session.forwardBackward(batch).loss();
            }

            model.restore(folder);
            try (TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
                session.restoreState(folder.resolve("optimizer.safetensors"));
                step(session, batch);

                assertThat(session.forwardBackward(batch).loss()).isEqualTo(expected);
            }
        }
    }

    @Test
    void theFileNamesEveryState() {
        try (Model<Text, String, Classification> model = Models.withDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
            step(session, model.collator(Padding.LONGEST).collate(EXAMPLES.subList(0, 6)));

            session.saveState(folder.resolve("optimizer.safetensors"));

            try (SafeTensors file = SafeTensors.open(folder.resolve("optimizer.safetensors"))) {
                assertThat(file.names()).hasSize(2 * model.parameters().size());
                assertThat(file.names()).contains("classifier.weight.exp_avg", "classifier.weight.exp_avg_sq");
                assertThat(file.shape("classifier.weight.exp_avg")).containsExactly(2L, 32L);
                assertThat(file.metadata())
                        .containsEntry("format_version", "1")
                        .containsEntry("steps", "1")
                        .containsEntry("passes", "1")
                        .containsKey("optimizer");
            }
        }
    }

    @Test
    void aStateOfItsOwnShapeIsSavedToo() {
        Optimizer rows = p -> {
            Expr mean = p.info().shape().size() == 2 ? p.gradient().mean(1) : p.gradient();
            int[] shape = p.info().shape().size() == 2
                    ? new int[] {p.info().shape().get(0), 1}
                    : new int[] {p.info().shape().get(0)};
            Expr state = p.state("row", shape);
            Expr next = state.times(0.9).plus(mean);
            return Update.of(p.value().minus(p.learningRate().times(p.gradient().plus(next))))
                    .state("row", next);
        };
        try (Model<Text, String, Classification> model = Models.withDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(SessionOptions.of(rows))) {
            step(session, model.collator(Padding.LONGEST).collate(EXAMPLES.subList(0, 6)));

            session.saveState(folder.resolve("optimizer.safetensors"));
            session.restoreState(folder.resolve("optimizer.safetensors"));

            try (SafeTensors file = SafeTensors.open(folder.resolve("optimizer.safetensors"))) {
                assertThat(file.shape("classifier.weight.row")).containsExactly(2L, 1L);
            }
        }
    }

    @Test
    void aFileThatDoesNotFitIsRefusedByTheName() {
        Path good = folder.resolve("good.safetensors");
        try (Model<Text, String, Classification> model = Models.withDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
            session.saveState(good);

            assertRefused(session, changed(good, tensors -> {}, Map.of("format_version", "2")), "format_version is 2");
            assertRefused(session, changed(good, tensors -> {}, Map.of("steps", "-1")), "steps is -1");
            assertRefused(
                    session,
                    changed(good, tensors -> tensors.remove("classifier.bias.exp_avg"), Map.of()),
                    "1 tensors are missing, classifier.bias.exp_avg first");
            assertRefused(
                    session,
                    changed(good, tensors -> tensors.put("more", source(2)), Map.of()),
                    "1 are not its own, more first");
            assertRefused(
                    session,
                    changed(good, tensors -> tensors.put("classifier.bias.exp_avg", source(3)), Map.of()),
                    "tensor classifier.bias.exp_avg is F32[3], expected F32[2]");
            assertRefused(session, folder.resolve("none.safetensors"), "no such file");
        }
    }

    @Test
    void aStateWithinAStepIsNotSaved() {
        try (Model<Text, String, Classification> model = Models.withDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
            session.forwardBackward(model.collator(Padding.LONGEST).collate(EXAMPLES.subList(0, 6)));

            assertThatThrownBy(() -> session.saveState(folder.resolve("optimizer.safetensors")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("zeroGrad");
        }
    }

    @Test
    void weightsOfOtherLabelsAreRefusedAndNothingHasChanged() {
        try (Model<Text, String, Classification> model = Models.withDropout();
                Model<Text, String, Classification> other =
                        Bert.fromPretrained(Golden.path("tiny_bert")).load(SequenceClassification.of("yes", "no"))) {
            other.saveWeights(folder);
            Classification before = model.predict(Text.of("hello"));

            assertThatThrownBy(() -> model.restore(folder))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("labels [yes, no], this model has [no, yes]");
            assertThat(model.predict(Text.of("hello"))).isEqualTo(before);
        }
    }

    private interface Start {
        Object go(Trainer<Text, String, Classification> trainer);
    }

    private Result run(String name, int accumulation, Start start) throws IOException {
        try (Model<Text, String, Classification> model = Models.withDropout()) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(Dataset.of(EXAMPLES))
                    .evalDataset(Dataset.of(EXAMPLES.subList(0, 6)))
                    .evalStrategy(io.bertfinetune.training.IntervalStrategy.STEPS)
                    .evalSteps(2)
                    .loggingSteps(3)
                    .perDeviceTrainBatchSize(4)
                    .gradientAccumulationSteps(accumulation)
                    .numTrainEpochs(2)
                    .learningRate(1e-3)
                    .weightDecay(0.01)
                    .outputDir(folder.resolve(name))
                    .saveSteps(1)
                    .saveTotalLimit(0)
                    .build();
            start.go(trainer);
            model.save(folder.resolve(name));
            List<Map<String, Double>> history = trainer.state().logHistory().stream()
                    .map(entry -> entry.values().entrySet().stream()
                            .filter(e -> !e.getKey().endsWith("_runtime")
                                    && !e.getKey().endsWith("_per_second"))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                    .toList();
            return new Result(
                    Files.readAllBytes(folder.resolve(name).resolve("model.safetensors")),
                    history,
                    history.get(history.size() - 1).getOrDefault("train_loss", Double.NaN));
        }
    }

    private static void step(TrainingSession<Example<Text, String>> session, Batch<Example<Text, String>> batch) {
        session.forwardBackward(batch);
        session.clipGradNorm(1.0);
        session.step(1e-3);
        session.zeroGrad();
    }

    private static SessionOptions options() {
        return SessionOptions.of(AdamW.defaults());
    }

    private static SafeTensors.Source source(int numbers) {
        return SafeTensors.Source.of(List.of((long) numbers), FloatBuffer.allocate(numbers));
    }

    private static void assertRefused(TrainingSession<?> session, Path file, String message) {
        assertThatThrownBy(() -> session.restoreState(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(message);
    }

    /** A copy of a file with other tensors or metadata. */
    private Path changed(
            Path good,
            java.util.function.Consumer<Map<String, SafeTensors.Source>> tensorChange,
            Map<String, String> notes) {
        Path bad = folder.resolve("bad.safetensors");
        try (SafeTensors file = SafeTensors.open(good)) {
            Map<String, SafeTensors.Source> tensors = new LinkedHashMap<>();
            for (String name : file.names()) {
                int count = Math.toIntExact(file.shape(name).stream().reduce(1L, (a, b) -> a * b));
                tensors.put(name, SafeTensors.Source.of(file.shape(name), FloatBuffer.allocate(count)));
            }
            tensorChange.accept(tensors);
            Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
            metadata.putAll(notes);
            SafeTensors.write(bad, tensors, metadata);
        }
        return bad;
    }
}
