package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.error.BertFineTuneException;
import io.bertfinetune.error.DataException;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private final LinearModel model = Numbers.model();

    @Test
    void trainingMakesTheModelRight() {
        var trainer =
                builder(20).evalDataset(Numbers.signs(20)).numTrainEpochs(5).build();
        assertThat(trainer.evaluate().get("eval_accuracy")).isEqualTo(0.5);

        trainer.train();

        assertThat(trainer.evaluate().get("eval_accuracy")).isEqualTo(1.0);
        assertThat(model.predict(Text.of("3 1")).label()).isEqualTo("plus");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void accumulatedMicroBatchesEqualOneBigBatch(int accumulation) {
        LinearModel atOnce = Numbers.model();
        int group = 2 * accumulation; // of 17 examples: groups and micro-batches at the end are smaller

        TrainOutput split = builder(17)
                .perDeviceTrainBatchSize(2)
                .gradientAccumulationSteps(accumulation)
                .build()
                .train();
        TrainOutput whole =
                builder(atOnce, 17).perDeviceTrainBatchSize(group).build().train();

        assertThat(split.globalStep()).isEqualTo(whole.globalStep());
        assertThat(split.trainingLoss()).isCloseTo(whole.trainingLoss(), within(1e-12));
        for (int i = 0; i < atOnce.weights().size(); i++) {
            assertThat(model.weights().get(i)).isCloseTo(atOnce.weights().get(i), within(1e-12));
        }
    }

    @Test
    void aStepClipsUpdatesAndForgetsOnceForAllItsMicroBatches() {
        builder(5)
                .perDeviceTrainBatchSize(2)
                .gradientAccumulationSteps(2)
                .numTrainEpochs(1)
                .maxGradNorm(0.5)
                .learningRate(0.1)
                .build()
                .train();

        assertThat(model.calls)
                .containsExactly(
                        "forwardBackward 2",
                        "forwardBackward 2",
                        "clip 0.5",
                        "step 0.1",
                        "zeroGrad",
                        "forwardBackward 1",
                        "clip 0.5",
                        "step 0.05",
                        "zeroGrad",
                        "close");
    }

    @Test
    void withoutClippingTheNormIsOnlyMeasured() {
        builder(2).numTrainEpochs(1).maxGradNorm(0).build().train();

        assertThat(model.calls).contains("clip Infinity").doesNotContain("clip 0.0");
    }

    @Test
    void aFractionOfAnEpochEndsTheLastOneEarly() {
        TrainOutput output = builder(10)
                .perDeviceTrainBatchSize(1)
                .numTrainEpochs(1.25)
                .build()
                .train();

        assertThat(output.globalStep()).isEqualTo(13);
        assertThat(output.metrics().get("epoch")).isEqualTo(1.3);
    }

    @Test
    void maxStepsOverridesEpochs() {
        TrainOutput output = builder(10)
                .perDeviceTrainBatchSize(5)
                .numTrainEpochs(1)
                .maxSteps(7)
                .build()
                .train();

        assertThat(output.globalStep()).isEqualTo(7);
        assertThat(output.metrics().get("epoch")).isEqualTo(3.5);
    }

    @Test
    void everyEpochVisitsEveryExampleInAnOrderOfItsOwn() {
        builder(12)
                .perDeviceTrainBatchSize(12)
                .numTrainEpochs(3)
                .trainSamplingStrategy(Sampler.random())
                .build()
                .train();

        assertThat(model.trained).hasSize(3);
        assertThat(new HashSet<>(model.trained)).hasSize(3);
        assertThat(model.trained)
                .allSatisfy(epoch -> assertThat(epoch)
                        .containsExactlyInAnyOrderElementsOf(Numbers.list(12).stream()
                                .map(e -> e.input().text())
                                .toList()));
    }

    @Test
    void theOrderIsThatOfDataSeedOrOfSeed() {
        List<List<String>> seed7 = orderWith(args -> args.seed(7));

        assertThat(orderWith(args -> args.seed(7))).isEqualTo(seed7);
        assertThat(orderWith(args -> args.seed(8).dataSeed(7))).isEqualTo(seed7);
        assertThat(orderWith(args -> args.seed(8))).isNotEqualTo(seed7);
        assertThat(orderWith(args -> args.seed(7).dataSeed(8))).isNotEqualTo(seed7);
    }

    private static List<List<String>> orderWith(UnaryOperator<Trainer.Builder<Text, String, Classification>> seeds) {
        LinearModel model = Numbers.model();
        seeds.apply(builder(model, 12).trainSamplingStrategy(Sampler.random()))
                .build()
                .train();
        return model.trained;
    }

    @Test
    void groupsOfALengthAreTheSamplersAndTokensAreCountedOnce() {
        TextLengths lengths = new TextLengths(model);
        List<String> texts =
                Numbers.list(100).stream().map(e -> e.input().text()).toList();
        builder(100)
                .dataCollator(lengths)
                .trainSamplingStrategy(Sampler.groupByLength())
                .perDeviceTrainBatchSize(4)
                .gradientAccumulationSteps(2)
                .dataSeed(7)
                .numTrainEpochs(2)
                .build()
                .train();

        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 2; number++) {
            Sampler.Epoch epoch = Sampler.Epoch.of(number, 7, 100)
                    .batchSize(4)
                    .lengths(texts.stream().mapToInt(String::length).toArray());
            IntStream.of(Sampler.groupByLength().order(epoch))
                    .mapToObj(texts::get)
                    .forEach(expected::add);
        }
        assertThat(model.trained.stream().flatMap(List::stream)).containsExactlyElementsOf(expected);
        assertThat(lengths.measured).hasValue(100);
    }

    @Test
    void groupsOfALengthNeedACollatorThatKnowsLengths() {
        var trainer = builder(12).trainSamplingStrategy(Sampler.groupByLength()).build();

        assertThatIllegalArgumentException().isThrownBy(trainer::train).withMessageContaining("Collator.lengths");
        assertThat(model.calls).isEmpty();
    }

    @Test
    void theSessionGetsOptimizerDecayGroupsSmoothingAndSeed() {
        ParameterGroups groups = ParameterGroups.standard().layerwiseDecay(0.9);
        builder(4)
                .adamBeta1(0.8)
                .weightDecay(0.01)
                .parameterGroups(groups)
                .labelSmoothingFactor(0.1)
                .seed(9)
                .dataSeed(3)
                .build()
                .train();

        assertThat(model.options).hasValueSatisfying(options -> {
            assertThat(options.optimizer()).isEqualTo(new AdamW(0.8, 0.999, 1e-8));
            assertThat(options.weightDecay()).isEqualTo(0.01);
            assertThat(options.parameterGroups()).isEqualTo(groups);
            assertThat(options.labelSmoothingFactor()).isEqualTo(0.1);
            assertThat(options.seed()).isEqualTo(9);
        });
    }

    @Test
    void theSessionGetsThePrecision() {
        model.in(Precision.BFLOAT16, Precision.TENSOR_FLOAT32);

        builder(4).bf16(true).tf32(true).build().train();

        assertThat(model.options).map(SessionOptions::precision).contains(Precision.BFLOAT16);
    }

    @Test
    void theOutputTellsOfWhatWasDone() {
        TrainOutput output = builder(10)
                .perDeviceTrainBatchSize(5)
                .numTrainEpochs(100)
                .callbacks(at(3, TrainerControl::stopTraining))
                .build()
                .train();

        assertThat(output.globalStep()).isEqualTo(3);
        assertThat(output.metrics().values().keySet())
                .containsExactly(
                        "train_runtime", "train_samples_per_second", "train_steps_per_second", "train_loss", "epoch");
        double seconds = output.metrics().get("train_runtime");
        assertThat(output.metrics().get("train_samples_per_second") * seconds).isCloseTo(15, within(1e-6));
        assertThat(output.metrics().get("train_steps_per_second") * seconds).isCloseTo(3, within(1e-6));
        assertThat(output.metrics().get("train_loss")).isEqualTo(output.trainingLoss());
    }

    @Test
    void aSecondCallBeginsAnewWithTheWeightsOfTheFirst() {
        var trainer = builder(4).numTrainEpochs(2).build();
        double first = trainer.train().trainingLoss();

        double second = trainer.train().trainingLoss();

        assertThat(second).isLessThan(first);
        assertThat(trainer.state().globalStep()).isEqualTo(2);
        assertThat(trainer.state().examplesSeen()).isEqualTo(8);
    }

    @Test
    void aStreamOfUnknownSizeIsReadInOrderAgainAndAgainUntilMaxSteps() {
        Dataset<Example<Text, String>> stream = () -> Numbers.list(3).stream();

        TrainOutput output = Trainer.builder()
                .model(model)
                .trainDataset(stream)
                .perDeviceTrainBatchSize(2)
                .maxSteps(3)
                .build()
                .train();

        assertThat(model.trained)
                .containsExactly(List.of("1.0 1", "-1.1 1"), List.of("1.2 1"), List.of("1.0 1", "-1.1 1"));
        assertThat(output.globalStep()).isEqualTo(3);
    }

    @Test
    void anEpochOfAStreamEndsOnAWholeNumber() {
        Dataset<Example<Text, String>> stream = () -> Numbers.list(3).stream();
        EventRecorder recorder = new EventRecorder();

        Trainer.builder()
                .model(model)
                .trainDataset(stream)
                .perDeviceTrainBatchSize(2)
                .maxSteps(5)
                .callbacks(recorder)
                .build()
                .train();

        assertThat(recorder.events.stream().filter(event -> event.name().equals("epoch_end")))
                .extracting(EventRecorder.Event::epoch)
                .containsExactly(1.0, 2.0, 2.5);
        assertThat(recorder.events.get(recorder.names().indexOf("step_end")).epoch())
                .as("a fifth of the run, while the length of an epoch is not known")
                .isEqualTo(0.2);
    }

    @Test
    void aStreamThatComesOnlyOnceIsRefused() {
        List<Example<Text, String>> once = new ArrayList<>(Numbers.list(2));
        Dataset<Example<Text, String>> stream = () -> {
            List<Example<Text, String>> rest = List.copyOf(once);
            once.clear();
            return rest.stream();
        };
        var trainer =
                Trainer.builder().model(model).trainDataset(stream).maxSteps(5).build();

        assertThatThrownBy(trainer::train).isInstanceOf(DataException.class).hasMessageContaining("0 examples");
        assertThat(model.calls).endsWith("close");
    }

    @Test
    void dataTooSmallForAFullBatchIsRefusedBeforeASessionIsOpen() {
        var trainer =
                builder(3).perDeviceTrainBatchSize(4).dataloaderDropLast(true).build();

        assertThatThrownBy(trainer::train)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dataloaderDropLast")
                .hasMessageContaining("perDeviceTrainBatchSize(4)");
        assertThat(model.options).isEmpty();
    }

    @Test
    void dropLastLeavesTheSmallBatchOut() {
        builder(5)
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(1)
                .dataloaderDropLast(true)
                .build()
                .train();

        assertThat(model.trained).extracting(List::size).containsExactly(2, 2);
    }

    @Test
    void trainingWithoutDataIsRefused() {
        var trainer = Trainer.builder().model(model).build();

        assertThatThrownBy(trainer::train)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("trainDataset");
    }

    @Test
    void aLossThatIsNotFiniteEndsTheRunAndClosesTheSession() {
        var trainer =
                builder(4).learningRate(1e6).maxGradNorm(0).numTrainEpochs(5).build();

        assertThatThrownBy(trainer::train)
                .isInstanceOfSatisfying(
                        NonFiniteLossException.class, e -> assertThat(e.step()).isEqualTo(2));
        assertThat(model.calls).endsWith("close");
        assertThat(trainer.state().globalStep()).isEqualTo(1);
    }

    @Test
    void anExceptionOfACallbackComesThroughAndClosesTheSession() {
        var broken = new ArithmeticException("mine");
        var trainer = builder(4)
                .callbacks(at(1, control -> {
                    throw broken;
                }))
                .build();

        assertThatThrownBy(trainer::train).isSameAs(broken);
        assertThat(model.calls).endsWith("close");
    }

    @Test
    void anInterruptEndsTheRunWithinOneStepAndStaysSet() {
        var trainer = builder(20)
                .perDeviceTrainBatchSize(1)
                .callbacks(at(3, control -> Thread.currentThread().interrupt()))
                .build();

        assertThatThrownBy(trainer::train)
                .isInstanceOf(BertFineTuneException.class)
                .hasMessageContaining("interrupted")
                .hasMessageContaining("step 3 of 60");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(model.calls.stream().filter(call -> call.startsWith("step"))).hasSize(3);
        assertThat(model.calls).endsWith("close");
    }

    @Test
    void anInterruptDuringAStepIsSeenBeforeAnythingIsEvaluated() {
        EventRecorder recorder = new EventRecorder();
        var trainer = builder(20)
                .evalDataset(Numbers.signs(4))
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(1)
                .callbacks(recorder, new TrainerCallback() {
                    @Override
                    public void onOptimizerStep(TrainerState state, TrainerControl control) {
                        Thread.currentThread().interrupt();
                    }
                })
                .build();

        assertThatThrownBy(trainer::train)
                .isInstanceOf(BertFineTuneException.class)
                .hasMessageContaining("after step 1");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(recorder.names()).endsWith("optimizer_step");
    }

    @Test
    void anInterruptWithinALongStepDoesNotWaitForItsEnd() {
        var trainer = builder(20)
                .perDeviceTrainBatchSize(1)
                .gradientAccumulationSteps(10)
                .callbacks(new TrainerCallback() {
                    @Override
                    public void onSubstepEnd(TrainerState state, TrainerControl control) {
                        Thread.currentThread().interrupt();
                    }
                })
                .build();

        assertThatThrownBy(trainer::train).isInstanceOf(BertFineTuneException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(model.calls).containsExactly("forwardBackward 1", "forwardBackward 1", "close");
    }

    @Test
    void saveModelSavesTheModel() {
        builder(4).build().saveModel(Path.of("out"));

        assertThat(model.saved).contains(Path.of("out"));
    }

    @Test
    void prefetchingChangesNothing() {
        LinearModel direct = Numbers.model();

        builder(17)
                .perDeviceTrainBatchSize(3)
                .dataloaderPrefetchFactor(4)
                .build()
                .train();
        builder(direct, 17)
                .perDeviceTrainBatchSize(3)
                .dataloaderPrefetchFactor(0)
                .build()
                .train();

        assertThat(model.weights()).isEqualTo(direct.weights());
    }

    @Test
    void theStateKnowsTheRun() {
        var trainer = builder(10)
                .perDeviceTrainBatchSize(4)
                .runName("cola")
                .numTrainEpochs(1.5)
                .build();

        trainer.train();

        TrainerState state = trainer.state();
        assertThat(state.runName()).contains("cola");
        assertThat(state.trainBatchSize()).isEqualTo(4);
        assertThat(state.maxSteps()).isEqualTo(5);
        assertThat(state.numTrainEpochs()).isEqualTo(2);
        assertThat(state.examplesSeen()).isEqualTo(10 + 8);
        assertThat(state.logHistory()).isNotEmpty();
    }

    @Test
    void aClosedStreamIsNeverLeftOpen() {
        List<String> log = new ArrayList<>();
        Dataset<Example<Text, String>> stream = () -> {
            log.add("open");
            return Numbers.list(9).stream().onClose(() -> log.add("closed"));
        };

        Trainer.builder()
                .model(model)
                .trainDataset(stream)
                .perDeviceTrainBatchSize(1)
                .maxSteps(12)
                .build()
                .train();

        assertThat(log).containsExactly("open", "closed", "open", "closed");
    }

    private Trainer.Builder<Text, String, Classification> builder(int examples) {
        return builder(model, examples);
    }

    private static Trainer.Builder<Text, String, Classification> builder(LinearModel model, int examples) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Numbers.signs(examples))
                .trainSamplingStrategy(Sampler.sequential())
                .learningRate(0.5);
    }

    /** Does something at the end of a step. */
    private static TrainerCallback at(long step, Consumer<TrainerControl> action) {
        return new TrainerCallback() {
            @Override
            public void onStepEnd(TrainerState state, TrainerControl control) {
                if (state.globalStep() == step) {
                    action.accept(control);
                }
            }
        };
    }
}
