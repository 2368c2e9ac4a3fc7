package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.Adafactor;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Sgd;
import io.bertfinetune.ort.engine.DistantEngine;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training in memory that the host cannot reach is the same training, and little crosses the border. */
class DistantTrainingTest {
    private static final List<Example<Text, String>> EXAMPLES = Models.examples(12, "no", "yes");

    @TempDir
    private Path folder;

    static Stream<Optimizer> optimizers() {
        return Stream.of(AdamW.defaults(), Sgd.defaults(), Adafactor.defaults());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void stepsWithDropoutAccumulationAndClippingLeaveTheSameWeights(Optimizer optimizer) {
        SessionOptions options = SessionOptions.of(optimizer).weightDecay(0.01);

        Map<String, float[]> here = trained(OrtEngine.cpu(), options);
        Map<String, float[]> there = trained(new DistantEngine(), options);

        // The gradient of a key's bias is zero, and what rounding leaves of it may be scaled to anything.
        here.keySet().removeIf(name -> name.endsWith("key.bias"));
        assertThat(here)
                .allSatisfy((name, weights) -> assertThat(Norms.distance(weights, there.get(name)))
                        .as(name)
                        .isLessThanOrEqualTo(2e-5 * Norms.norm(weights) + 1e-6));
    }

    @Test
    void nothingIsReadOfAStepButLossAndNorm() {
        DistantEngine engine = new DistantEngine();
        try (Model<Text, String, Classification> model = load(engine);
                TrainingSession<Example<Text, String>> session =
                        model.startTraining(SessionOptions.of(AdamW.defaults()))) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
            step(session, batch);
            long read = engine.bytesRead();
            long written = engine.bytesWritten();
            long runs = engine.runs();

            step(session, batch);

            assertThat(engine.bytesRead() - read).as("one sum of squares").isEqualTo(Float.BYTES);
            assertThat(engine.bytesWritten() - written).isZero();
            assertThat(engine.runs() - runs)
                    .as("forward and backward, the norm, and the optimizer on what decays and what does not")
                    .isLessThanOrEqualTo(4);
        }
    }

    @Test
    void aSavedModelAndItsSessionGoOnWhereTheyWere() {
        SessionOptions options = SessionOptions.of(AdamW.defaults());
        Path state = folder.resolve("session.safetensors");
        double expected;
        try (Model<Text, String, Classification> model = load(new DistantEngine());
                TrainingSession<Example<Text, String>> session = model.startTraining(options)) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
            step(session, batch);
            model.save(folder.resolve("model"));
            session.saveState(state);
            step(session, batch);
            expected = step(session, batch);
        }

        try (Model<Text, String, Classification> model = load(new DistantEngine());
                TrainingSession<Example<Text, String>> session = model.startTraining(options)) {
            model.restore(folder.resolve("model"));
            session.restoreState(state);
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
            step(session, batch);

            assertThat(step(session, batch)).isEqualTo(expected);
        }
    }

    @Test
    void aScaledLossLearnsTheSame() {
        Map<String, float[]> exact = trained(new DistantEngine(), SessionOptions.of(Sgd.defaults()));

        Map<String, float[]> half =
                trained(new DistantEngine(), SessionOptions.of(Sgd.defaults()).precision(Precision.FLOAT16));

        assertThat(half)
                .allSatisfy((name, weights) -> assertThat(Norms.distance(weights, exact.get(name)))
                        .as(name)
                        .isLessThanOrEqualTo(1e-3 * Norms.norm(exact.get(name)) + 1e-4));
    }

    @Test
    void aStepWhoseGradientsOverflowIsLeftOut() {
        try (Model<Text, String, Classification> model = load(new DistantEngine());
                TrainingSession<Example<Text, String>> session =
                        model.startTraining(SessionOptions.of(Sgd.defaults()).precision(Precision.FLOAT16))) {
            OrtTrainingSession<Example<Text, String>> own = (OrtTrainingSession<Example<Text, String>>) session;
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
            own.lossScale().orElseThrow().state().write(bytes -> bytes.putFloat(Float.MAX_VALUE));
            float[] before = own.value("classifier.weight");

            session.forwardBackward(batch);
            double norm = session.clipGradNorm(1);
            session.step(0.1);
            session.zeroGrad();

            assertThat(norm).isNotFinite();
            assertThat(own.value("classifier.weight")).isEqualTo(before);
            assertThat(own.lossScale().orElseThrow().factor()).isCloseTo(Float.MAX_VALUE / 2, within(1e30));
        }
    }

    @Test
    void aStepWhoseLossOverflowsIsLeftOutUntilTheScaleIsAtItsLeast() {
        try (OrtModel<Text, String, Classification> model = Models.on(new DistantEngine());
                OrtTrainingSession<Example<Text, String>> session = model.startWithoutDropout(
                        SessionOptions.of(Sgd.defaults()).precision(Precision.FLOAT16))) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
            model.values().write("classifier.bias", numbers -> numbers.put(0, Float.POSITIVE_INFINITY));
            float[] before = session.value("classifier.weight");

            assertThat(step(session, batch)).isNotFinite();

            assertThat(session.value("classifier.weight")).isEqualTo(before);
            LossScale scale = session.lossScale().orElseThrow();
            assertThat(scale.factor()).isEqualTo(32_768);
            scale.state().write(bytes -> bytes.putFloat(2));
            step(session, batch);
            assertThatThrownBy(() -> step(session, batch)).isInstanceOf(NonFiniteLossException.class);
        }
    }

    @Test
    void sixteenBitsAreForOtherEngines() {
        try (Model<Text, String, Classification> model = load(OrtEngine.cpu())) {
            assertThatThrownBy(() -> model.startTraining(
                            SessionOptions.of(AdamW.defaults()).precision(Precision.BFLOAT16)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("BFLOAT16 on cpu: ");
        }
    }

    private static Map<String, float[]> trained(Engine engine, SessionOptions options) {
        try (Model<Text, String, Classification> model = load(engine);
                TrainingSession<Example<Text, String>> session = model.startTraining(options)) {
            for (int step = 0; step < 3; step++) {
                for (int start = 0; start < EXAMPLES.size(); start += 6) {
                    session.forwardBackward(
                            model.collator(Padding.LONGEST).collate(EXAMPLES.subList(start, start + 6)));
                }
                session.clipGradNorm(0.5);
                session.step(1e-3);
                session.zeroGrad();
            }
            Map<String, float[]> weights = new TreeMap<>();
            for (ParameterInfo parameter : model.parameters()) {
                weights.put(parameter.name(), ((OrtTrainingSession<?>) session).value(parameter.name()));
            }
            return weights;
        }
    }

    private static double step(TrainingSession<Example<Text, String>> session, Batch<Example<Text, String>> batch) {
        double loss = session.forwardBackward(batch).loss();
        session.clipGradNorm(1);
        session.step(1e-3);
        session.zeroGrad();
        return loss;
    }

    private static Model<Text, String, Classification> load(Engine engine) {
        return new ModelLoader(engine)
                .load(
                        new Backend.Source(
                                Golden.path("tiny_bert"), Device.auto(), OptionalInt.empty(), Optional.empty()),
                        SequenceClassification.of("no", "yes"));
    }
}
