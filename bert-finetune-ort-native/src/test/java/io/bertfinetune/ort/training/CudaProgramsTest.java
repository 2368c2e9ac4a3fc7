package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.Adafactor;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.Sgd;
import io.bertfinetune.ort.capi.CudaKernels;
import io.bertfinetune.ort.capi.CudaNatives;
import io.bertfinetune.ort.lowering.CudaLowering;
import io.bertfinetune.ort.lowering.Lowering;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every node of every program of a training has a kernel on CUDA, by the table of what ran there: recorded from trainings
 * on the processor, and lowered as they would be for a GPU.
 */
class CudaProgramsTest {
    private static final List<Example<Text, String>> EXAMPLES = Models.examples(4, "no", "yes");
    private static final List<RecordingEngine.Recorded> PROGRAMS = new ArrayList<>();

    /** One of each kind of head. */
    private static final List<SequenceClassification> TASKS = List.of(
            SequenceClassification.of("no", "yes"),
            SequenceClassification.of("no", "yes").classWeights(Map.of("no", 0.5)));

    private static final List<Optimizer> OPTIMIZERS =
            List.of(AdamW.defaults(), Sgd.defaults(), new Sgd(0.9, true), Adafactor.defaults());

    static Stream<Arguments> builds() {
        return Stream.of(
                Arguments.of(CudaNatives.BYTEDECO, false),
                Arguments.of(CudaNatives.BYTEDECO, true),
                Arguments.of(CudaNatives.MICROSOFT, false));
    }

    @BeforeAll
    static void train() {
        if (PROGRAMS.isEmpty()) {
            for (SequenceClassification task : TASKS) {
                for (Optimizer optimizer : OPTIMIZERS) {
                    for (Precision precision : Precision.values()) {
                        PROGRAMS.addAll(recorded(
                                task,
                                SessionOptions.of(optimizer)
                                        .weightDecay(0.01)
                                        .labelSmoothingFactor(0.1)
                                        .precision(precision)));
                    }
                }
            }
            PROGRAMS.addAll(searchForWhatIsNotFinite());
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void everyNodeOfATrainingHasAKernel(CudaNatives natives, boolean fused) {
        CudaKernels kernels = CudaKernels.of(natives);

        for (RecordingEngine.Recorded each : PROGRAMS) {
            Lowering lowering = fused ? CudaLowering.fusedIn(each.precision()) : CudaLowering.in(each.precision());

            assertThatCode(() -> kernels.check(lowering.lower(each.program())))
                    .as("%s in %s", each.program().name(), each.precision())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void programsAreThoseOfForwardBackwardOptimizerNormAccumulationEvaluationAndPrediction() {
        assertThat(PROGRAMS)
                .extracting(each -> each.program().name())
                .contains(
                        "training",
                        "update",
                        "copy",
                        "norm of gradients",
                        "sum of gradients",
                        "evaluation",
                        "prediction",
                        "trace",
                        "search for what is not finite");
    }

    @Test
    void thereIsNoOtherTask() {
        assertThat(Task.Cases.class.getDeclaredMethods())
                .as("a new task belongs among those that are recorded here")
                .extracting(Method::getName)
                .containsExactly("sequenceClassification");
    }

    private static List<RecordingEngine.Recorded> recorded(SequenceClassification task, SessionOptions options) {
        RecordingEngine engine = new RecordingEngine();
        try (Model<Text, String, Classification> model = load(engine, task);
                TrainingSession<Example<Text, String>> session = model.startTraining(options)) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
            session.forwardBackward(batch);
            session.forwardBackward(batch);
            session.clipGradNorm(1);
            session.step(1e-3);
            session.zeroGrad();
            model.evaluate(batch);
            model.evaluate(batch, options.precision());
            model.predict(Text.of("the quick brown fox"));
            model.trace(Text.of("the quick brown fox"));
            return engine.programs();
        }
    }

    private static List<RecordingEngine.Recorded> searchForWhatIsNotFinite() {
        RecordingEngine engine = new RecordingEngine();
        SessionOptions options = SessionOptions.of(AdamW.defaults()).debug(Set.of(DebugOption.UNDERFLOW_OVERFLOW));
        try (Model<Text, String, Classification> model = load(engine, TASKS.get(0));
                TrainingSession<Example<Text, String>> session = model.startTraining(options)) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
            fill(model, "bert.encoder.layer.0.intermediate.dense.bias", 1e37f);
            fill(model, "bert.encoder.layer.0.output.dense.weight", 1e3f);
            assertThatThrownBy(() -> session.forwardBackward(batch)).isInstanceOf(NonFiniteLossException.class);
            return engine.programs();
        }
    }

    private static void fill(Model<?, ?, ?> model, String parameter, float number) {
        ((OrtModel<?, ?, ?>) model).values().write(parameter, numbers -> {
            while (numbers.hasRemaining()) {
                numbers.put(number);
            }
        });
    }

    private static Model<Text, String, Classification> load(RecordingEngine engine, SequenceClassification task) {
        return new ModelLoader(engine)
                .load(
                        new Backend.Source(
                                Golden.path("tiny_bert"), Device.auto(), OptionalInt.empty(), Optional.empty()),
                        task);
    }
}
