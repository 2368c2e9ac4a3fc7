package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.checkpoint.Checkpoints;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.metric.ConfusionMatrix;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.RocAuc;
import io.bertfinetune.model.Precision;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.ReduceLrOnPlateau.ThresholdMode;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is broken off and goes on is the run that was not. */
class ResumeTest {
    private static final String STATE = "bert_finetune_state.json";

    @TempDir
    private Path folder;

    /** What must be the same, times apart. */
    private record Result(
            List<Double> weights, List<Map<String, Double>> history, Map<String, Double> metrics, TrainOutput output) {
        static Result of(LinearModel model, Trainer<?, ?, ?> trainer, TrainOutput output) {
            return new Result(
                    model.weights(),
                    trainer.state().logHistory().stream()
                            .map(ResumeTest::withoutTimes)
                            .toList(),
                    withoutTimes(output.metrics()),
                    output);
        }

        void isSameAs(Result other) {
            assertThat(weights).isEqualTo(other.weights);
            assertThat(history).isEqualTo(other.history);
            assertThat(metrics).isEqualTo(other.metrics);
            assertThat(output.globalStep()).isEqualTo(other.output.globalStep());
            assertThat(output.trainingLoss()).isEqualTo(other.output.trainingLoss());
        }
    }

    static Stream<Arguments> runs() {
        return Stream.of(
                run("plain", b -> b),
                run("accumulation", b -> b.gradientAccumulationSteps(3).loggingSteps(2)),
                run(
                        "epochs",
                        b -> b.loggingStrategy(IntervalStrategy.EPOCH)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .saveStrategy(SaveStrategy.EPOCH)),
                run(
                        "evaluations",
                        b -> b.evalStrategy(IntervalStrategy.STEPS)
                                .evalSteps(2)
                                .lrSchedulerType(LearningRateSchedule.cosine())
                                .warmupSteps(2)),
                run(
                        "best",
                        b -> b.evalStrategy(IntervalStrategy.STEPS)
                                .evalSteps(1)
                                .loggingSteps(3)
                                .loadBestModelAtEnd(true)
                                .metricForBestModel("loss")),
                run(
                        "early stopping",
                        b -> b.evalStrategy(IntervalStrategy.STEPS)
                                .evalSteps(1)
                                .callbacks(EarlyStopping.patience(3)
                                        .threshold(0.02)
                                        .metric("loss"))),
                run(
                        "a metric that is not a number, and a detail",
                        b -> b.evalStrategy(IntervalStrategy.STEPS)
                                .evalSteps(1)
                                .evalDataset(Dataset.of(List.of(Example.of(Text.of("1 1"), "plus"))))
                                .computeMetrics(RocAuc.of("plus"), ConfusionMatrix.metric())),
                run(
                        "plateau",
                        b -> b.evalStrategy(IntervalStrategy.STEPS)
                                .evalSteps(1)
                                .metricForBestModel("loss")
                                .lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau()
                                        .factor(0.7)
                                        .patience(1)
                                        .threshold(0.03, ThresholdMode.ABS))),
                run(
                        "tokens",
                        b -> b.dataCollator(Tokens.collator())
                                .includeNumInputTokensSeen(InputTokens.NON_PADDING)
                                .loggingSteps(1)),
                run("part of an epoch", b -> b.numTrainEpochs(1.6)),
                run("steps", b -> b.maxSteps(11)),
                run(
                        "groups of a length",
                        b -> b.dataCollator(new TextLengths(Numbers.model()))
                                .trainSamplingStrategy(Sampler.groupByLength())
                                .dataloaderDropLast(true)
                                .gradientAccumulationSteps(2)),
                run(
                        "a stream",
                        b -> b.trainDataset(() -> Numbers.list(13).stream()).maxSteps(12)));
    }

    private static Arguments run(String name, UnaryOperator<Trainer.Builder<Text, String, Classification>> words) {
        return Arguments.of(name, words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void fromEveryCheckpointTheRunComesToTheSameEnd(
            String name, UnaryOperator<Trainer.Builder<Text, String, Classification>> words) {
        Result whole = everyStep(folder.resolve("whole"), words);

        List<Path> checkpoints = checkpoints(folder.resolve("whole"));
        assertThat(checkpoints).hasSizeGreaterThanOrEqualTo(2);
        for (Path checkpoint : checkpoints) {
            LinearModel model = model();
            var trainer = words.apply(builder(model, folder.resolve("again"))).build();

            Result resumed = Result.of(model, trainer, trainer.resume(checkpoint));

            resumed.isSameAs(whole);
            assertThat(resumed.output.metrics().get("train_runtime")).isPositive();
        }
    }

    /** A few of them: each is broken off a hundred times. */
    static Stream<Arguments> runsToBreak() {
        List<String> names = List.of("accumulation", "epochs", "early stopping");
        return runs().filter(run -> names.contains(String.valueOf(run.get()[0])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runsToBreak")
    void brokenOffAtEveryEventTheRunComesToTheSameEnd(
            String name, UnaryOperator<Trainer.Builder<Text, String, Classification>> words) throws IOException {
        Result whole = everyStep(folder.resolve("whole"), words);

        int broken = 0;
        boolean finished = false;
        for (int event = 1; !finished; event++) {
            Path outputDir = folder.resolve("event-" + event);
            try {
                words.apply(builder(model(), outputDir))
                        .callbacks(throwingAt(event))
                        .build()
                        .train();
                finished = true;
            } catch (BrokenOff e) {
                broken++;
            }
            LinearModel model = model();
            var trainer = words.apply(builder(model, outputDir)).build();

            Result resumed = Result.of(model, trainer, trainer.resumeLatest());

            resumed.isSameAs(whole);
            delete(outputDir);
        }
        assertThat(broken).isGreaterThan(30);
    }

    @Test
    void batchesTrainedOnBeforeAreNotMadeAgain() {
        everyStep(folder, b -> b);
        LinearModel model = model();

        builder(model, folder.resolve("again")).build().resume(folder.resolve("checkpoint-4"));

        assertThat(model.trained).hasSize(10 - 4);
    }

    @Test
    void runtimeAndSpeedAreThoseOfTheWholeRun() throws IOException {
        everyStep(folder, b -> b);
        Path state = folder.resolve("checkpoint-4").resolve(STATE);
        String slow = Files.readString(state).replaceAll("\"runtime_nanos\": \\d+", "\"runtime_nanos\": 100000000000");
        Files.writeString(state, slow);
        sign(folder.resolve("checkpoint-4"));

        TrainOutput output = builder(model(), folder.resolve("again")).build().resume(folder.resolve("checkpoint-4"));

        assertThat(output.metrics().get("train_runtime")).isBetween(100.0, 200.0);
        assertThat(output.metrics().get("train_steps_per_second")).isBetween(10 / 200.0, 10 / 100.0);
        assertThat(output.metrics().get("train_samples_per_second")).isBetween(26 / 200.0, 26 / 100.0);
    }

    @Test
    void aFinishedRunIsOverAtOnce() {
        Result whole = everyStep(folder, b -> b);
        LinearModel model = model();
        var trainer = builder(model, folder).build();

        Result again = Result.of(model, trainer, trainer.resumeLatest());

        assertThat(model.trained).isEmpty();
        assertThat(again.weights).isEqualTo(whole.weights);
        assertThat(again.output.globalStep()).isEqualTo(10);
    }

    @Test
    void withoutACheckpointResumeLatestTrainsFromTheStart() {
        LinearModel model = model();

        TrainOutput output = builder(model, folder.resolve("nothing")).build().resumeLatest();

        assertThat(output.globalStep()).isEqualTo(10);
        assertThat(model.trained).hasSize(10);
    }

    @Test
    void resumeLatestSkipsWhatIsDamagedOrUnfinished() throws IOException {
        everyStep(folder, b -> b.saveTotalLimit(0));
        flip(folder.resolve("checkpoint-10/model.safetensors"), 3);
        Files.delete(folder.resolve("checkpoint-9/MANIFEST.sha256"));
        Files.createDirectories(folder.resolve(".tmp-checkpoint-11-1"));
        Files.createDirectories(folder.resolve("checkpoint-99"));
        LinearModel model = model();

        builder(model, folder).build().resumeLatest();

        assertThat(model.trained).hasSize(2);
    }

    @Test
    void everyFlippedOrMissingFileIsRefusedByItsName() throws IOException {
        everyStep(folder, b -> b);
        Path checkpoint = folder.resolve("checkpoint-5");
        List<Path> files = files(checkpoint);
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "MANIFEST.sha256",
                        STATE,
                        "model.safetensors",
                        "optimizer.safetensors",
                        "trainer_state.json",
                        "training_args.json");

        for (Path file : files) {
            byte[] good = Files.readAllBytes(file);
            for (int at = 0; at < good.length; at += Math.max(1, good.length / 40)) {
                flip(file, at);
                assertRefused(checkpoint, file);
                Files.write(file, good);
            }
            Files.write(file, java.util.Arrays.copyOf(good, good.length - 1));
            assertRefused(checkpoint, file);
            Files.delete(file);
            assertRefused(checkpoint, file);
            Files.write(file, good);
        }
        assertThat(builder(model(), folder.resolve("again"))
                        .build()
                        .resume(checkpoint)
                        .globalStep())
                .isEqualTo(10);
    }

    private void assertRefused(Path checkpoint, Path damaged) {
        LinearModel model = model();
        List<Double> before = model.weights();
        var error = assertThatThrownBy(
                        () -> builder(model, folder.resolve("again")).build().resume(checkpoint))
                .isInstanceOf(CheckpointException.class);
        if (!damaged.endsWith("MANIFEST.sha256")) { // a damaged manifest may accuse another file
            error.hasMessageContaining(damaged.getFileName().toString());
        }
        assertThat(model.weights()).isEqualTo(before);
        assertThat(model.calls).isEmpty();
    }

    static Stream<Arguments> otherRuns() {
        return Stream.of(
                run("perDeviceTrainBatchSize is 4, expected 3", b -> b.perDeviceTrainBatchSize(4)),
                run("gradientAccumulationSteps is 2, expected 1", b -> b.gradientAccumulationSteps(2)),
                run("autoFindBatchSize is true, expected false", b -> b.autoFindBatchSize(true)),
                run("seed is 43, expected 42", b -> b.seed(43)),
                run("dataSeed is 1, expected 42", b -> b.dataSeed(1)),
                run("optimizer steps is 15, expected 10", b -> b.numTrainEpochs(3)),
                run("examples of trainDataset is 14, expected 13", b -> b.trainDataset(Numbers.signs(14))),
                run("learningRate is 0.1, expected 0.5", b -> b.learningRate(0.1)),
                run("lrSchedulerType is cosine", b -> b.lrSchedulerType(LearningRateSchedule.cosine())),
                run("optim is ", b -> b.adamBeta1(0.8)),
                run("weightDecay is 0.1, expected 0.0", b -> b.weightDecay(0.1)),
                run("labelSmoothingFactor is 0.1, expected 0.0", b -> b.labelSmoothingFactor(0.1)),
                run("precision is BFLOAT16, expected FLOAT32", b -> b.bf16(true)),
                run("maxGradNorm is 2.0, expected 1.0", b -> b.maxGradNorm(2)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherRuns")
    void aCheckpointOfAnotherRunIsRefusedByTheSetting(
            String difference, UnaryOperator<Trainer.Builder<Text, String, Classification>> words) {
        everyStep(folder, b -> b);
        LinearModel model = model().in(Precision.FLOAT32, Precision.BFLOAT16);
        var trainer = words.apply(builder(model, folder)).build();

        assertThatThrownBy(() -> trainer.resume(folder.resolve("checkpoint-5")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("belongs to another run")
                .hasMessageContaining(difference);
    }

    @Test
    void aCheckpointOfOtherLabelsIsRefused() {
        everyStep(folder, b -> b);
        LinearModel other = LinearModel.of(2, "plus", "minus");

        assertThatThrownBy(() -> builder(other, folder).build().resume(folder.resolve("checkpoint-5")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(
                        "task is SequenceClassification[plus, minus], expected SequenceClassification[minus, plus]");
    }

    @Test
    void withoutItsOptimizerARunGoesOnOnlyIfAsked() {
        everyStep(folder, b -> b.saveOnlyModel(true));
        Path checkpoint = folder.resolve("checkpoint-4");
        LinearModel model = model();
        var trainer = builder(model, folder.resolve("again")).build();

        assertThatThrownBy(() -> trainer.resume(checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("saveOnlyModel(true)")
                .hasMessageContaining("resumeWithFreshOptimizer");
        TrainOutput output = trainer.resumeWithFreshOptimizer(checkpoint);

        assertThat(output.globalStep()).isEqualTo(10);
        assertThat(model.trained).hasSize(6);
    }

    @Test
    void aRunThatWasOverGoesOnWithAFreshOptimizerAndMoreEpochs() {
        everyStep(folder, b -> b);
        LinearModel model = model();
        var trainer = builder(model, folder.resolve("again")).numTrainEpochs(3).build();

        TrainOutput output = trainer.resumeWithFreshOptimizer(folder.resolve("checkpoint-10"));

        assertThat(output.globalStep()).isEqualTo(15);
        assertThat(model.trained).hasSize(5);
    }

    static Stream<Arguments> otherBatches() {
        return Stream.of(
                Arguments.of(2, 1, 13, 4), // 7 batches an epoch
                Arguments.of(8, 1, 13, 4), // 2 batches an epoch: two epochs are behind
                Arguments.of(3, 2, 13, 7), // 3 steps an epoch: one epoch and 2 batches are behind
                Arguments.of(3, 1, 20, 4),
                Arguments.of(5, 1, 13, 4)); // 3 steps an epoch
    }

    @ParameterizedTest(name = "batches of {0}, {1} a step, of {2} examples")
    @MethodSource("otherBatches")
    void withAFreshOptimizerAndOtherBatchesThePositionIsThatOfTheStep(
            int batchSize, int accumulation, int examples, int behind) {
        everyStep(folder, b -> b);
        UnaryOperator<Trainer.Builder<Text, String, Classification>> words =
                b -> b.trainDataset(Numbers.signs(examples))
                        .perDeviceTrainBatchSize(batchSize)
                        .gradientAccumulationSteps(accumulation)
                        .numTrainEpochs(3);
        LinearModel whole = model();
        words.apply(builder(whole, folder.resolve("whole"))).build().train();
        LinearModel resumed = model();
        var trainer = words.apply(builder(resumed, folder.resolve("again"))).build();

        trainer.resumeWithFreshOptimizer(folder.resolve("checkpoint-4"));

        assertThat(resumed.trained).isEqualTo(whole.trained.subList(behind, whole.trained.size()));
        assertThat(trainer.state().epoch()).isEqualTo(3);
    }

    @Test
    void anOptimizerThatCannotBeReadLeavesTheModelAsItWas() throws IOException {
        everyStep(folder, b -> b);
        Files.writeString(folder.resolve("checkpoint-4/optimizer.safetensors"), "no number");
        sign(folder.resolve("checkpoint-4"));
        LinearModel model = model();
        List<Double> before = model.weights();
        var trainer = builder(model, folder.resolve("again")).build();

        assertThatThrownBy(() -> trainer.resume(folder.resolve("checkpoint-4")))
                .isInstanceOf(NumberFormatException.class);

        assertThat(model.weights()).isEqualTo(before);
        assertThat(trainer.state().globalStep()).isZero();
    }

    @Test
    void evaluationsAreThoseOfTheRunWhereTheLearningRateDependsOnThem() {
        UnaryOperator<Trainer.Builder<Text, String, Classification>> plateau =
                b -> b.evalStrategy(IntervalStrategy.STEPS)
                        .evalSteps(1)
                        .metricForBestModel("loss")
                        .lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau());
        everyStep(folder, plateau);
        Path checkpoint = folder.resolve("checkpoint-4");

        for (var other : Map.<String, UnaryOperator<Trainer.Builder<Text, String, Classification>>>of(
                        "evalSteps is 2, expected 1", b -> b.evalSteps(2),
                        "evalDelay is 3.0, expected 0.0", b -> b.evalDelay(3))
                .entrySet()) {
            var trainer = other.getValue()
                    .apply(plateau.apply(builder(model(), folder)))
                    .build();

            assertThatThrownBy(() -> trainer.resume(checkpoint))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(other.getKey());
        }
    }

    @Test
    void evaluationsMayBeOthersWhereNothingDependsOnThem() {
        everyStep(folder, b -> b.evalStrategy(IntervalStrategy.STEPS).evalSteps(1));

        TrainOutput output = builder(model(), folder).build().resume(folder.resolve("checkpoint-4"));

        assertThat(output.globalStep()).isEqualTo(10);
    }

    @Test
    void aFolderOfHuggingFacesGoesOnWithAFreshOptimizer() throws IOException {
        Result whole = everyStep(folder.resolve("whole"), b -> b);
        Path checkpoint = Files.createDirectories(folder.resolve("checkpoint-7"));
        Files.copy(folder.resolve("whole/checkpoint-7/model.safetensors"), checkpoint.resolve("model.safetensors"));
        Files.writeString(checkpoint.resolve("trainer_state.json"), """
                {"best_metric": NaN, "best_global_step": 5, "best_model_checkpoint": "out/checkpoint-5", "epoch": 1.4,
                 "global_step": 7, "log_history": [{"epoch": 0.2, "loss": 0.7, "step": 1, "note": "x"}],
                 "stateful_callbacks": {"TrainerControl": {"args": {"should_training_stop": true}}}}
                """);
        LinearModel model = model();
        var trainer = builder(model, folder.resolve("again")).build();

        assertThatThrownBy(() -> trainer.resume(checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("Hugging Face")
                .hasMessageContaining("resumeWithFreshOptimizer");
        TrainOutput output = trainer.resumeWithFreshOptimizer(checkpoint);

        assertThat(output.globalStep()).isEqualTo(10);
        assertThat(model.trained).hasSize(3);
        assertThat(trainer.state().logHistory().get(0).get("loss")).isEqualTo(0.7);
        assertThat(trainer.state().bestModelCheckpoint()).isEmpty();
        assertThat(model.weights()).isNotEqualTo(whole.weights); // the momentum began anew
    }

    @Test
    void aStateOfAnotherVersionIsRefused() throws IOException {
        everyStep(folder, b -> b);
        Path checkpoint = folder.resolve("checkpoint-4");
        Path state = checkpoint.resolve(STATE);
        Files.writeString(state, Files.readString(state).replace("\"format_version\": 2", "\"format_version\": 1"));
        sign(checkpoint);

        assertThatThrownBy(() -> builder(model(), folder).build().resume(checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("format_version is 1, expected 2");
    }

    private Result everyStep(Path outputDir, UnaryOperator<Trainer.Builder<Text, String, Classification>> words) {
        LinearModel model = model();
        var trainer = words.apply(builder(model, outputDir)).build();
        return Result.of(model, trainer, trainer.train());
    }

    private static LinearModel model() {
        return Numbers.model().momentum(0.9);
    }

    /** 13 examples in batches of 3, two epochs of 5 steps, a checkpoint at each. */
    private static Trainer.Builder<Text, String, Classification> builder(LinearModel model, Path outputDir) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Numbers.signs(13))
                .evalDataset(Dataset.of(Numbers.list(6)))
                .outputDir(outputDir)
                .files(new UnforcedFiles())
                .perDeviceTrainBatchSize(3)
                .numTrainEpochs(2)
                .learningRate(0.5)
                .callbacks(savingAtEveryStep())
                .saveTotalLimit(0);
    }

    private static TrainerCallback savingAtEveryStep() {
        return new TrainerCallback() {
            @Override
            public void onStepEnd(TrainerState state, TrainerControl control) {
                control.save();
            }
        };
    }

    private static Map<String, Double> withoutTimes(Metrics metrics) {
        return metrics.values().entrySet().stream()
                .filter(entry ->
                        !entry.getKey().endsWith("_runtime") && !entry.getKey().endsWith("_per_second"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What ends a run in these tests. */
    private static final class BrokenOff extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Throws at the n-th event after the trainer is built, whichever it is. */
    private static TrainerCallback throwingAt(int event) {
        int[] seen = new int[1];
        return (TrainerCallback) Proxy.newProxyInstance(
                ResumeTest.class.getClassLoader(),
                new Class<?>[] {TrainerCallback.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("saveState")) {
                        return Map.of();
                    }
                    if (method.getName().startsWith("on")
                            && !method.getName().equals("onInitEnd")
                            && ++seen[0] == event) {
                        throw new BrokenOff();
                    }
                    return null;
                });
    }

    private static List<Path> checkpoints(Path outputDir) {
        try (Stream<Path> entries = Files.list(outputDir)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path checkpoint) throws IOException {
        try (Stream<Path> entries = Files.list(checkpoint)) {
            return entries.sorted().toList();
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    /** Gives a changed checkpoint a manifest that fits. */
    private static void sign(Path checkpoint) throws IOException {
        StringBuilder manifest = new StringBuilder();
        for (Path file : files(checkpoint)) {
            if (!file.endsWith("MANIFEST.sha256")) {
                manifest.append(com.google.common.hash.Hashing.sha256().hashBytes(Files.readAllBytes(file)))
                        .append("  ")
                        .append(file.getFileName())
                        .append('\n');
            }
        }
        Files.writeString(checkpoint.resolve("MANIFEST.sha256"), manifest);
        Checkpoints.verify(checkpoint);
    }

    private static void delete(Path tree) throws IOException {
        com.google.common.io.MoreFiles.deleteRecursively(
                tree, com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE);
    }
}
