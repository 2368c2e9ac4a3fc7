package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bertfinetune.Bert;
import io.bertfinetune.TrainOutput;
import io.bertfinetune.Trainer;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.ort.weights.SafeTensors;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.SaveStrategy;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A checkpoint that Hugging Face's Trainer wrote, in the middle of an epoch, and its run goes on here. */
class HuggingFaceCheckpointTest {
    private static final String GOLDEN = "golden/huggingface_checkpoint/";
    private static final Path CHECKPOINT = Golden.path(GOLDEN + "checkpoint-7");
    private static final JsonObject RUN = Golden.json(GOLDEN + "run.json");
    private static final Set<String> COMPARED =
            Set.of("loss", "grad_norm", "learning_rate", "epoch", "step", "eval_loss");

    /** Not the checkpoint's weights: those come with the resume. */
    private final OrtModel<Text, String, Classification> model = (OrtModel<Text, String, Classification>)
            Bert.fromPretrained(CHECKPOINT).load(SequenceClassification.of("no", "yes"));

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void theRunGoesOnAsInHuggingFaceWithoutItsOptimizer() {
        for (String parameter : model.values().names()) {
            model.values().write(parameter, numbers -> numbers.put(0, 7));
        }
        var trainer = trainer();

        TrainOutput output = trainer.resumeWithFreshOptimizer(CHECKPOINT);

        assertThat(output.globalStep()).isEqualTo(12);
        List<JsonElement> expected = RUN.getAsJsonArray("resumed_log").asList();
        List<Metrics> log = trainer.state().logHistory();
        assertThat(log).hasSameSizeAs(expected);
        for (int i = 0; i < log.size(); i++) {
            JsonObject entry = expected.get(i).getAsJsonObject();
            Metrics found = log.get(i);
            COMPARED.stream()
                    .filter(entry::has)
                    .forEach(name -> assertThat(found.get(name))
                            .as("%s of %s", name, entry)
                            .isCloseTo(entry.get(name).getAsDouble(), within(2e-5)));
        }
        try (SafeTensors end = SafeTensors.open(Golden.path(GOLDEN + "resumed/model.safetensors"))) {
            for (String parameter : model.values().names()) {
                if (!parameter.endsWith("key.bias")) { // whose gradient is rounding noise
                    assertThat(largestDifference(parameter, end)).as(parameter).isLessThan(2e-4);
                }
            }
        }
    }

    @Test
    void nothingIsBegunAnewSilently() {
        var trainer = trainer();

        assertThatThrownBy(() -> trainer.resume(CHECKPOINT))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("written by Hugging Face's Trainer")
                .hasMessageContaining("optimizer")
                .hasMessageContaining("resumeWithFreshOptimizer");
    }

    private double largestDifference(String parameter, SafeTensors end) {
        float[] expected =
                new float[Math.toIntExact(model.values().get(parameter).size())];
        end.copy(parameter, FloatBuffer.wrap(expected));
        float[] found = new float[expected.length];
        model.values().read(parameter, numbers -> numbers.get(found));
        return Norms.largestDifference(found, expected);
    }

    /** With the arguments that Hugging Face wrote, but for saving. */
    private Trainer<Text, String, Classification> trainer() {
        IndexedDataset<Example<Text, String>> examples = Dataset.of(StreamSupport.stream(
                        RUN.getAsJsonArray("examples").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(e -> Example.of(
                        Text.of(e.get("text").getAsString()), e.get("label").getAsString()))
                .toList());
        return Trainer.builder()
                .model(model)
                .args(TrainingArguments.fromJson(RUN.get("arguments").toString()))
                .saveStrategy(SaveStrategy.NO)
                .trainDataset(examples)
                .evalDataset(Dataset.of(examples.stream().limit(6).toList()))
                .build();
    }
}
