package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.Gson;
import io.bertfinetune.Bert;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Trains MiniLM for a few steps and saves it to {@code target/saved-model}, with what it says about a few texts beside it,
 * for {@code src/test/oracle/check_saved_folder.py} to compare with transformers.
 */
@Tag("long")
class SavedForPythonTest {
    private static final Path JAR = Path.of("target", "models", "all-minilm-l6-v2.jar");
    private static final Path FOLDER = Path.of("target", "saved-model");
    private static final List<String> TEXTS = List.of(
            "The parcel arrived on Monday.",
            "Why was my card charged twice?",
            "Café au lait, s'il vous plaît!",
            "a",
            "An unbelievably long-winded letter about nothing much, which goes on and on until nobody reads it any more.");

    @Test
    void aFolderForPython() throws IOException {
        assumeThat(Files.exists(JAR))
                .as("MiniLM at " + JAR + ", copied there by the Maven build")
                .isTrue();
        try (Model<Text, String, Classification> model =
                Bert.fromPretrained(JAR).load(SequenceClassification.of("no", "maybe", "yes"))) {
            train(model);

            model.save(FOLDER);

            List<List<Double>> said = TEXTS.stream()
                    .map(text -> model.predict(Text.of(text)).probabilities().values().stream()
                            .map(Math::log)
                            .toList())
                    .toList();
            Files.writeString(
                    Path.of("target", "saved-model-expected.json"),
                    new Gson().toJson(Map.of("texts", TEXTS, "log_probabilities", said)));
            assertThat(FOLDER.resolve("model.safetensors")).isNotEmptyFile();
        }
    }

    private static void train(Model<Text, String, Classification> model) {
        List<Example<Text, String>> examples = Models.examples(24, "no", "maybe", "yes");
        try (TrainingSession<Example<Text, String>> session =
                model.startTraining(SessionOptions.of(AdamW.defaults()))) {
            for (int at = 0; at < examples.size(); at += 8) {
                session.forwardBackward(model.collator(Padding.LONGEST).collate(examples.subList(at, at + 8)));
                session.step(1e-3);
                session.zeroGrad();
            }
        }
    }
}
