package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.F1;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.optim.Update;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerBuilderTest {
    private static final Dataset<Example<Text, String>> STREAM = () -> Numbers.list(4).stream();
    private static final Metric<Example<Text, String>, Classification> LOSS =
            Metric.of("loss", Collectors.averagingDouble(o -> 1));
    private static final Optimizer PLAIN =
            p -> Update.of(p.value().minus(p.learningRate().times(p.gradient())));

    /** A builder, to be given words that contradict each other. */
    private interface Words extends UnaryOperator<Trainer.Builder<Text, String, Classification>> {}

    static Stream<Arguments> contradictions() {
        return Stream.of(
                refused("evalSteps", "evalStrategy", b -> b.evalDataset(STREAM).evalSteps(10)),
                refused(
                        "evalSteps",
                        "evalStrategy(EPOCH)",
                        b -> b.evalDataset(STREAM)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .evalSteps(10)),
                refused("evalDelay", "evalStrategy", b -> b.evalDataset(STREAM).evalDelay(1)),
                refused("evalStrategy", "evalDataset", b -> b.evalStrategy(IntervalStrategy.EPOCH)),
                refused("evalOnStart", "evalDataset", b -> b.evalOnStart(true)),
                refused(
                        "loggingSteps",
                        "loggingStrategy(NO)",
                        b -> b.loggingStrategy(IntervalStrategy.NO).loggingSteps(10)),
                refused("saveSteps", "saveStrategy(NO)", b -> b.saveSteps(10)),
                refused("saveStrategy(BEST)", "evalStrategy(NO)", b -> b.saveStrategy(SaveStrategy.BEST)),
                refused("loadBestModelAtEnd", "evalStrategy(NO)", b -> b.loadBestModelAtEnd(true)),
                refused(
                        "lrSchedulerType(reduce_lr_on_plateau)",
                        "evalStrategy(NO)",
                        b -> b.lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau())),
                refused(
                        "lrSchedulerType(reduce_lr_on_plateau)",
                        "warmupSteps(10",
                        b -> b.evalDataset(STREAM)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .warmupSteps(10)
                                .lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau())),
                refused(
                        "learningRate(1.0E-5)",
                        "lr_end is 1.0E-5",
                        b -> b.learningRate(1e-5).lrSchedulerType(LearningRateSchedule.polynomial(1, 1e-5))),
                refused(
                        "mode MIN",
                        "mode(MAX)",
                        b -> b.evalDataset(STREAM)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau())),
                refused(
                        "enableJitCheckpoint",
                        "saveOnlyModel",
                        b -> b.enableJitCheckpoint(true).saveOnlyModel(true)),
                refused("bf16(true)", "fp16(true)", b -> b.bf16(true).fp16(true)),
                refused("maxSteps", "trainDataset", b -> b.trainDataset(STREAM)),
                refused(
                        "trainSamplingStrategy",
                        "trainDataset",
                        b -> b.trainDataset(STREAM).maxSteps(5).trainSamplingStrategy(Sampler.random())),
                refused(
                        "trainSamplingStrategy(group_by_length)",
                        "Dataset.of(list)",
                        b -> b.args(TrainingArguments.fromJson("{\"train_sampling_strategy\": \"group_by_length\"}"))
                                .trainDataset(STREAM)
                                .maxSteps(5)),
                refused("adamBeta1", "optim", b -> b.optim(AdamW.defaults()).adamBeta1(0.8)),
                refused("adamBeta2", "optim", b -> b.adamBeta2(0.8).optim(AdamW.defaults())),
                refused("adamEpsilon", "optim", b -> b.optim(PLAIN).adamEpsilon(1e-6)),
                refused(
                        "adamBeta1",
                        "optim",
                        b -> b.args(TrainingArguments.builder().optim(PLAIN).build())
                                .adamBeta1(0.8)),
                refused(
                        "predictionLossOnly",
                        "computeMetrics",
                        b -> b.predictionLossOnly(true).computeMetrics(Accuracy.of())),
                refused(
                        "EarlyStopping",
                        "evalStrategy",
                        b -> b.evalDataset(STREAM).callbacks(EarlyStopping.patience(1))),
                refused("F1", "'f1'", b -> b.computeMetrics(F1.macro(), Accuracy.of(), F1.micro())),
                refused("metric 1", "metric 3", b -> b.computeMetrics(F1.macro(), Accuracy.of(), F1.micro())),
                refused("computeMetrics", "'loss'", b -> b.computeMetrics(LOSS)));
    }

    private static Arguments refused(String one, String other, Words words) {
        return Arguments.of(Named.of(one + " and " + other, words), one, other);
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void contradictionsAreRefusedByBothNames(Words words, String one, String other) {
        var builder = words.apply(builder());

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(one)
                .hasMessageContaining(other);
    }

    static Stream<Arguments> precisions() {
        return Stream.of(
                refused("bf16(true): BFLOAT16", "needs another model", b -> b.bf16(true)),
                refused("fp16(true): FLOAT16", "needs another model", b -> b.fp16(true)),
                refused("bf16FullEval(true): BFLOAT16", "needs another model", b -> b.bf16FullEval(true)),
                refused("tf32(true): TENSOR_FLOAT32", "needs another model", b -> b.tf32(true)),
                refused(
                        "bf16(true): BFLOAT16",
                        "needs another model",
                        b -> b.args(TrainingArguments.fromJson("{\"bf16\": true}"))));
    }

    @ParameterizedTest
    @MethodSource("precisions")
    void aPrecisionThatTheModelCannotBeTrainedInIsRefused(Words words, String which, String why) {
        var builder = words.apply(builder());

        assertThatThrownBy(builder::build)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(which)
                .hasMessageContaining(why);
    }

    static Stream<Named<Words>> agreements() {
        return Stream.of(
                allowed(
                        "epochs and steps, of which steps count",
                        b -> b.numTrainEpochs(2).maxSteps(5)),
                allowed("a stream and steps", b -> b.trainDataset(STREAM).maxSteps(5)),
                allowed(
                        "a stream in its own order",
                        b -> b.trainDataset(STREAM).maxSteps(5).trainSamplingStrategy(Sampler.sequential())),
                allowed("nothing but a model", b -> b),
                allowed(
                        "evaluation as often as logging",
                        b -> b.evalDataset(STREAM).evalStrategy(IntervalStrategy.STEPS)));
    }

    private static Named<Words> allowed(String name, Words words) {
        return Named.of(name, words);
    }

    @ParameterizedTest
    @MethodSource("agreements")
    void whatAgreesIsBuilt(Words words) {
        assertThatCode(() -> words.apply(builder()).build()).doesNotThrowAnyException();
    }

    @Test
    void argumentsTakenAreOverriddenByWhatIsSaidAfter() {
        TrainingArguments args = TrainingArguments.builder()
                .learningRate(1e-4)
                .seed(7)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(10)
                .adamBeta1(0.8)
                .build();

        TrainingArguments mixed = builder()
                .seed(1)
                .weightDecay(0.5)
                .args(args)
                .seed(9)
                .evalStrategy(IntervalStrategy.NO)
                .optim(PLAIN)
                .build()
                .arguments();

        assertThat(mixed)
                .isEqualTo(TrainingArguments.builder()
                        .learningRate(1e-4)
                        .seed(9)
                        .optim(PLAIN)
                        .build());
    }

    @Test
    void anAdamNumberChangesTheAdamTaken() {
        TrainingArguments args =
                TrainingArguments.builder().optim(new AdamW(0.8, 0.99, 1e-6)).build();

        TrainingArguments mixed = builder().args(args).adamBeta2(0.95).build().arguments();

        assertThat(mixed.optim()).isEqualTo(new AdamW(0.8, 0.95, 1e-6));
    }

    @Test
    void evaluationIsAsOftenAsLoggingUnlessSaid() {
        var builder = builder()
                .evalDataset(STREAM)
                .evalStrategy(IntervalStrategy.STEPS)
                .loggingSteps(7);

        assertThat(builder.build().arguments().evalSteps()).isEqualTo(Steps.of(7));
        assertThat(builder.evalSteps(Steps.ratio(0.5)).build().arguments().evalSteps())
                .isEqualTo(Steps.ratio(0.5));
    }

    @Test
    void aMetricOfEarlyStoppingThatNobodyReportsIsRefused() {
        var builder = builder()
                .evalDataset(STREAM)
                .evalStrategy(IntervalStrategy.EPOCH)
                .callbacks(EarlyStopping.patience(1).metric("acuracy"));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acuracy")
                .hasMessageContaining("[loss, accuracy]");
    }

    @Test
    void aMetricThatCannotTellItsNamesBeforehandGoesByItsOwn() {
        Metric<Example<Text, String>, Classification> shy =
                Metric.of("shy", Collectors.collectingAndThen(Collectors.toList(), all -> {
                    all.get(0);
                    return 1.0;
                }));

        var trainer = builder().computeMetrics(shy).build();

        assertThat(trainer.state().metrics()).containsExactly("loss", "shy");
        assertThat(trainer.evaluate(Numbers.signs(2)).get("eval_shy")).isEqualTo(1.0);
    }

    @Test
    void callbacksHearThatTheTrainerIsBuilt() {
        TrainerState[] heard = new TrainerState[1];

        builder()
                .runName("first")
                .callbacks(new TrainerCallback() {
                    @Override
                    public void onInitEnd(TrainerState state, TrainerControl control) {
                        heard[0] = state;
                    }
                })
                .build();

        assertThat(Optional.ofNullable(heard[0]).flatMap(TrainerState::runName)).contains("first");
    }

    @Test
    void twoDataSetsOfOneNameAreRefused() {
        var builder = builder().evalDataset("dev", STREAM);

        assertThatThrownBy(() -> builder.evalDataset("dev", STREAM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'dev'");
        assertThatThrownBy(() -> builder.evalDataset(" ", STREAM)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noMetricsAtAllAreRefused() {
        assertThatThrownBy(() -> builder().computeMetrics())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("predictionLossOnly");
    }

    private static Trainer.Builder<Text, String, Classification> builder() {
        return Trainer.builder().model(Numbers.model());
    }
}
