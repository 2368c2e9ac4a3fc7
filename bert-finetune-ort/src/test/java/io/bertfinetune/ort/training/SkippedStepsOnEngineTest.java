package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.ort.engine.DistantEngine;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that a session in float16 leaves out, with the lowering for CUDA on the processor. */
class SkippedStepsOnEngineTest {
    private static final List<Example<Text, String>> EXAMPLES = Models.examples(12, "no", "yes");

    @TempDir
    private Path folder;

    @Test
    void aSessionThatGoesOnHasItsScaleAndItsCountAndMakesTheSameStep() {
        Path state = folder.resolve("session.safetensors");
        float[] expected;
        try (Model<Text, String, Classification> model = load();
                OrtTrainingSession<Example<Text, String>> session = start(model, Precision.FLOAT16)) {
            scale(session, Float.MAX_VALUE); // any gradient overflows
            step(model, session);
            assertThat(session.skippedSteps()).isEqualTo(1);
            scale(session, 1_024);
            step(model, session);
            model.save(folder.resolve("model"));
            session.saveState(state);
            step(model, session);
            expected = session.value("classifier.weight");
        }
        try (Model<Text, String, Classification> model = load();
                OrtTrainingSession<Example<Text, String>> session = start(model, Precision.FLOAT16)) {
            assertThat(session.skippedSteps()).isZero();

            model.restore(folder.resolve("model"));
            session.restoreState(state);

            LossScale scale = session.lossScale().orElseThrow();
            assertThat(session.skippedSteps()).isEqualTo(1);
            assertThat(scale.factor()).isEqualTo(1_024);
            assertThat(ParameterStore.numbers(scale.state()).get(1))
                    .as("good steps since")
                    .isEqualTo(1);
            step(model, session);
            assertThat(session.value("classifier.weight")).isEqualTo(expected);
        }
    }

    @Test
    void otherPrecisionsSkipNothing() {
        try (Model<Text, String, Classification> model = load();
                OrtTrainingSession<Example<Text, String>> session = start(model, Precision.FLOAT32)) {
            step(model, session);

            assertThat(session.skippedSteps()).isZero();
        }
    }

    private static void scale(OrtTrainingSession<?> session, float factor) {
        session.lossScale().orElseThrow().state().write(bytes -> bytes.putFloat(factor));
    }

    private static OrtTrainingSession<Example<Text, String>> start(
            Model<Text, String, Classification> model, Precision precision) {
        return (OrtTrainingSession<Example<Text, String>>)
                model.startTraining(SessionOptions.of(AdamW.defaults()).precision(precision));
    }

    private static void step(
            Model<Text, String, Classification> model, TrainingSession<Example<Text, String>> session) {
        Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
        session.forwardBackward(batch);
        session.clipGradNorm(1);
        session.step(1e-3);
        session.zeroGrad();
    }

    private static Model<Text, String, Classification> load() {
        return new ModelLoader(new DistantEngine())
                .load(
                        new Backend.Source(
                                Golden.path("tiny_bert"), Device.auto(), OptionalInt.empty(), Optional.empty()),
                        SequenceClassification.of("no", "yes"));
    }
}
