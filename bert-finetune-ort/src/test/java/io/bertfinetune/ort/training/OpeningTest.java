package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Example;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.weights.SafeTensors;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that cannot be opened, or not be closed. */
class OpeningTest {
    private final WatchedEngine engine = new WatchedEngine(OrtEngine.cpu());

    @TempDir
    private static Path folder;

    private OrtModel<Text, String, Classification> model;

    @BeforeAll
    static void leaveOutTheHead() throws IOException {
        Path whole = Golden.path("tiny_bert");
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.copy(whole.resolve(name), folder.resolve(name));
        }
        try (SafeTensors tensors = SafeTensors.open(whole.resolve("model.safetensors"))) {
            Map<String, SafeTensors.Source> encoder = new TreeMap<>();
            tensors.names().stream()
                    .filter(name -> tensors.dtype(name).equals("F32") && name.startsWith("bert."))
                    .forEach(name -> {
                        FloatBuffer numbers = FloatBuffer.allocate(tensors.shape(name).stream()
                                .mapToInt(Long::intValue)
                                .reduce(1, (a, b) -> a * b));
                        tensors.copy(name, numbers);
                        encoder.put(name, SafeTensors.Source.of(tensors.shape(name), numbers));
                    });
            SafeTensors.write(folder.resolve("model.safetensors"), encoder, Map.of());
        }
    }

    @BeforeEach
    void open() {
        model = Models.of(folder, engine);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void howeverFarItCameASessionThatFailsToOpenLeavesNothingBehind() {
        long before = engine.open();
        int calls = 0;
        for (boolean opened = false; !opened; calls++) {
            engine.failAfter(calls);
            try (TrainingSession<Example<Text, String>> session = model.startTraining(options(1))) {
                opened = true;
            } catch (EngineException e) {
                assertThat(e).hasMessage("this engine has failed").hasNoSuppressedExceptions();
            }

            assertThat(engine.open()).as("open after %d calls", calls).isEqualTo(before);
        }

        assertThat(calls).isGreaterThan(8); // step, two sums, update, copy; values, states, scalars
    }

    @Test
    void aSessionThatFailedToOpenDrewNoHead() {
        engine.refuse("training"::equals);
        assertThatThrownBy(() -> model.startTraining(options(1))).isInstanceOf(EngineException.class);
        engine.refuse(name -> false);

        assertThat(head(model, 7)).isEqualTo(headOf(7)).isNotEqualTo(headOf(1));
    }

    @Test
    void aSessionThatClosesBadlyIsClosedAllTheSame() {
        long before = engine.open();
        TrainingSession<Example<Text, String>> session = model.startTraining(options(1));
        engine.closeBadly(true);

        assertThatThrownBy(session::close)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("does not close")
                .satisfies(e -> assertThat(e.getSuppressed()).isNotEmpty());

        engine.closeBadly(false);
        assertThat(engine.open()).isEqualTo(before);
        model.startTraining(options(1)).close();
    }

    @Test
    void aModelThatClosesBadlyIsClosedAllTheSame() {
        model.predict(Text.of("compiled now"));
        model.startTraining(options(1));
        engine.closeBadly(true);

        assertThatThrownBy(model::close).isInstanceOf(EngineException.class).hasMessageContaining("does not close");

        assertThat(engine.open()).isZero();
        model.close();
    }

    private static float[] headOf(long seed) {
        try (OrtModel<Text, String, Classification> other = Models.of(folder, OrtEngine.cpu())) {
            return head(other, seed);
        }
    }

    private static float[] head(OrtModel<Text, String, Classification> model, long seed) {
        try (OrtTrainingSession<Example<Text, String>> session = model.startWithoutDropout(options(seed))) {
            return session.value("classifier.weight");
        }
    }

    private static SessionOptions options(long seed) {
        return SessionOptions.of(AdamW.defaults()).seed(seed);
    }
}
