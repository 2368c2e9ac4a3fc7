package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.ort.engine.DistantEngine;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirstNonFiniteTest {
    private static final SessionOptions OPTIONS =
            SessionOptions.of(AdamW.defaults()).debug(Set.of(DebugOption.UNDERFLOW_OVERFLOW));

    private final OrtModel<Text, String, Classification> model = (OrtModel<Text, String, Classification>)
            Bert.fromPretrained(Golden.path("tiny_bert")).load(SequenceClassification.of("no", "yes"));

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void aWeightThatIsNotFiniteIsNamed() {
        try (TrainingSession<Example<Text, String>> session = model.startTraining(OPTIONS)) {
            poison("bert.encoder.layer.1.attention.self.value.bias", Float.NaN);

            NonFiniteLossException found = failing(session);

            assertThat(found.tensor()).contains("weight bert.encoder.layer.1.attention.self.value.bias");
            assertThat(found)
                    .hasMessageContaining("step 1")
                    .hasMessageContaining(found.tensor().orElseThrow());
        }
    }

    @Test
    void theLayerWhoseOutputOverflowsIsNamed() {
        try (TrainingSession<Example<Text, String>> session = model.startTraining(OPTIONS)) {
            overflow(model);

            NonFiniteLossException found = failing(session);

            assertThat(found.tensor().orElseThrow())
                    .startsWith("the output of ")
                    .contains("at bert.encoder.layer.0.output.dense.");
        }
    }

    @Test
    void theLayerIsNamedWhereMasksOfDropoutAreUnpacked() {
        try (OrtModel<Text, String, Classification> distant = Models.on(new DistantEngine());
                TrainingSession<Example<Text, String>> session = distant.startTraining(OPTIONS)) {
            overflow(distant);

            assertThat(failing(session).tensor().orElseThrow()).contains("at bert.encoder.layer.0.output.dense.");
        }
    }

    @Test
    void theSearchTakesHardlyAnyMemoryAndThePrecisionOfTheStep() {
        WatchedEngine engine = new WatchedEngine(new DistantEngine());
        try (OrtModel<Text, String, Classification> distant = Models.on(engine);
                OrtTrainingSession<Example<Text, String>> session =
                        distant.startWithoutDropout(OPTIONS.precision(Precision.FLOAT16))) {
            session.lossScale().orElseThrow().state().write(bytes -> bytes.putFloat(1)); // or the step is left out
            overflow(distant);

            NonFiniteLossException found =
                    catchThrowableOfType(NonFiniteLossException.class, () -> session.forwardBackward(batch(distant)));

            assertThat(found.tensor().orElseThrow()).contains("at bert.encoder.layer.0.output.dense.");
            WatchedEngine.Compiled search =
                    engine.programs().get(engine.programs().size() - 1);
            assertThat(search.name()).startsWith("search");
            assertThat(search.precision()).isEqualTo(Precision.FLOAT16);
            assertThat(search.outputs()).isNotEmpty().allMatch(Shape.SCALAR::equals);
        }
    }

    @Test
    void aSearchThatFailsDoesNotHideWhatWasFound() {
        WatchedEngine engine = new WatchedEngine(OrtEngine.cpu());
        engine.refuse(name -> name.startsWith("search"));
        try (OrtModel<Text, String, Classification> refusing = Models.on(engine);
                TrainingSession<Example<Text, String>> session = refusing.startTraining(OPTIONS)) {
            overflow(refusing);

            NonFiniteLossException found =
                    catchThrowableOfType(NonFiniteLossException.class, () -> session.forwardBackward(batch(refusing)));

            assertThat(found.tensor()).isEmpty();
            assertThat(found.getSuppressed()).singleElement().isInstanceOf(EngineException.class);
        }
    }

    @Test
    void theGradientThatIsComputedFirstIsNamed() {
        poison("bert.embeddings.LayerNorm.bias", Float.POSITIVE_INFINITY);
        poison("bert.encoder.layer.1.output.dense.bias", Float.NaN);

        assertThat(FirstNonFinite.gradient(model.values()))
                .contains("the gradient of bert.encoder.layer.1.output.dense.bias");
    }

    @Test
    void aNormThatOverflowsThoughEveryGradientIsFiniteBlamesNone() {
        try (TrainingSession<Example<Text, String>> session = model.startTraining(OPTIONS)) {
            model.values().write("classifier.weight", numbers -> {
                int half = numbers.remaining() / 2;
                for (int i = 0; i < 2 * half; i++) {
                    numbers.put(i < half ? 1e30f : -1e30f);
                }
            });
            session.forwardBackward(batch());

            NonFiniteLossException found =
                    catchThrowableOfType(NonFiniteLossException.class, () -> session.clipGradNorm(1));

            assertThat(found).hasMessageContaining("the norm of the gradients is Infinity");
            assertThat(found.tensor()).isEmpty();
        }
    }

    @Test
    void unlessAskedForNothingIsLookedFor() {
        try (TrainingSession<Example<Text, String>> session =
                model.startTraining(SessionOptions.of(AdamW.defaults()))) {
            poison("bert.pooler.dense.bias", Float.NaN);

            assertThat(failing(session).tensor()).isEmpty();
        }
    }

    private NonFiniteLossException failing(TrainingSession<Example<Text, String>> session) {
        return catchThrowableOfType(NonFiniteLossException.class, () -> session.forwardBackward(batch()));
    }

    private Batch<Example<Text, String>> batch() {
        return batch(model);
    }

    private static Batch<Example<Text, String>> batch(OrtModel<Text, String, Classification> any) {
        return any.collator(Padding.LONGEST).collate(Models.examples(6, "no", "yes"));
    }

    /** Lets the output of the first layer overflow. */
    private static void overflow(OrtModel<Text, String, Classification> any) {
        poison(any, "bert.encoder.layer.0.intermediate.dense.bias", 1e37f); // finite, and finite after GELU
        poison(any, "bert.encoder.layer.0.output.dense.weight", 1e3f);
    }

    private void poison(String parameter, float number) {
        poison(model, parameter, number);
    }

    /** Sets every number of a parameter. */
    private static void poison(OrtModel<Text, String, Classification> any, String parameter, float number) {
        any.values().write(parameter, numbers -> {
            while (numbers.hasRemaining()) {
                numbers.put(number);
            }
        });
    }
}
