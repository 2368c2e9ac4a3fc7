package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.ort.engine.DistantEngine;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.util.Optional;
import java.util.OptionalInt;
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
            poison("bert.encoder.layer.0.intermediate.dense.bias", 1e37f); // finite, and finite after GELU
            poison("bert.encoder.layer.0.output.dense.weight", 1e3f);

            NonFiniteLossException found = failing(session);

            assertThat(found.tensor().orElseThrow())
                    .startsWith("the output of ")
                    .contains("at bert.encoder.layer.0.output.dense.");
        }
    }

    @Test
    void theLayerIsNamedWhereMasksOfDropoutAreUnpacked() {
        Backend.Source source =
                new Backend.Source(Golden.path("tiny_bert"), Device.auto(), OptionalInt.empty(), Optional.empty());
        try (Model<Text, String, Classification> distant =
                        new ModelLoader(new DistantEngine()).load(source, SequenceClassification.of("no", "yes"));
                TrainingSession<Example<Text, String>> session = distant.startTraining(OPTIONS)) {
            poison(distant, "bert.encoder.layer.0.intermediate.dense.bias", 1e37f);
            poison(distant, "bert.encoder.layer.0.output.dense.weight", 1e3f);

            assertThat(failing(session).tensor().orElseThrow()).contains("at bert.encoder.layer.0.output.dense.");
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
        return model.collator(Padding.LONGEST).collate(Models.examples(6, "no", "yes"));
    }

    /** Sets every number of a parameter. */
    private void poison(String parameter, float number) {
        poison(model, parameter, number);
    }

    private static void poison(Model<?, ?, ?> model, String parameter, float number) {
        ((OrtModel<?, ?, ?>) model).values().write(parameter, numbers -> {
            while (numbers.hasRemaining()) {
                numbers.put(number);
            }
        });
    }
}
