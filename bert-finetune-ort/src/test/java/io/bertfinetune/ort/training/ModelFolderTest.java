package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.bertfinetune.Bert;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.DataException;
import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saving, loading, and asking a model. */
class ModelFolderTest {
    private static final Text TEXT = Text.of("The soup was cold.");

    @Test
    void aSavedModelIsLoadedWithTheSameAnswers(@TempDir Path folder) {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            Classification before = model.predict(TEXT);

            model.save(folder);

            try (Model<Text, String, Classification> loaded =
                    Bert.fromPretrained(folder).load(SequenceClassification.saved())) {
                assertThat(loaded.task()).isEqualTo(SequenceClassification.of("negative", "neutral", "positive"));
                assertThat(loaded.predict(TEXT)).isEqualTo(before);
                assertThat(loaded.parameters()).isEqualTo(model.parameters());
            }
        }
    }

    @Test
    void aSavedFolderHoldsWhatTransformersReadsAndAnOnnxModelAndNothingElse(@TempDir Path folder) throws IOException {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            model.save(folder);
            model.save(folder); // over itself
        }

        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json",
                            "model.safetensors",
                            "model.onnx",
                            "tokenizer.json",
                            "tokenizer_config.json",
                            "vocab.txt");
        }
        assertThat(Files.readString(folder.resolve("config.json")))
                .contains("\"BertForSequenceClassification\"", "\"problem_type\": \"single_label_classification\"");
    }

    @Test
    void whatAnotherModelLeftInTheFolderIsGone(@TempDir Path folder) throws IOException {
        for (String name : List.of("added_tokens.json", "special_tokens_map.json", "model.onnx", "config.json")) {
            Files.writeString(folder.resolve(name), "of another model");
        }
        Files.writeString(folder.resolve("README.md"), "kept");

        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            model.saveWeights(folder);
        }

        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("config.json", "model.safetensors", "README.md")
                    .doesNotContain("model.onnx", "added_tokens.json", "special_tokens_map.json");
        }
    }

    @Test
    void aTokenizerOfOnesOwnTakesThePlaceOfTheModels(@TempDir Path folder) throws IOException {
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.path("golden/tiny_bert").resolve(name), folder.resolve(name));
        }
        try (Model<Text, String, Classification> other = Models.withoutDropout();
                Model<Text, String, Classification> model =
                        Bert.fromPretrained(folder).tokenizer(other.tokenizer()).load(SequenceClassification.saved())) {
            assertThat(model.tokenizer()).isSameAs(other.tokenizer());
            assertThat(model.predict(TEXT)).isEqualTo(other.predict(TEXT));

            Path saved = folder.resolve("saved");
            model.save(saved);

            try (var files = Files.list(saved)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("config.json", "model.safetensors", "model.onnx");
            }
            model.close();
            assertThat(other.predict(TEXT).label()).isNotEmpty(); // its tokenizer is not closed
        }
    }

    @Test
    void anInterruptDoesNotTearARestoredModel(@TempDir Path folder) throws IOException {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            Classification before = model.predict(TEXT);
            Thread.currentThread().interrupt();

            model.save(folder);
            model.restore(folder);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(model.predict(TEXT)).isEqualTo(before);
        }
    }

    @Test
    void theOnnxModelGivesTheSameAnswersWithoutThisLibrary(@TempDir Path folder) throws OrtException {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            model.save(folder);
            double[] expected = probabilities(model.predict(TEXT));
            Encoding encoding = model.tokenizer().encode(TEXT.text());
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession session = environment.createSession(
                            folder.resolve("model.onnx").toString());
                    OnnxTensor ids = row(environment, encoding.ids());
                    OnnxTensor mask = row(environment, encoding.attentionMask());
                    OnnxTensor types = row(environment, encoding.tokenTypeIds());
                    OrtSession.Result result =
                            session.run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {

                float[] logits = ((float[][]) result.get("logits").orElseThrow().getValue())[0];

                for (int k = 1; k < logits.length; k++) {
                    assertThat((double) logits[k] - logits[0])
                            .isCloseTo(Math.log(expected[k] / expected[0]), within(1e-5));
                }
            }
        }
    }

    @Test
    void manyInputsAreAnsweredInTheirOrder() {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            List<Text> texts = IntStream.range(0, 80)
                    .mapToObj(i -> Text.of("soup ".repeat(1 + i * 37 % 23) + i))
                    .toList();

            List<Classification> together = model.predictAll(texts);

            for (int i = 0; i < texts.size(); i++) {
                assertThat(probabilities(together.get(i)))
                        .containsExactly(probabilities(model.predict(texts.get(i))), within(1e-5));
            }
            assertThat(model.predictAll(List.of())).isEmpty();
        }
    }

    @Test
    void threadsGetTheSameAnswers() {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            Classification alone = model.predict(TEXT);

            List<Classification> together = IntStream.range(0, 64)
                    .parallel()
                    .mapToObj(i -> model.predict(TEXT))
                    .toList();

            assertThat(together).containsOnly(alone);
        }
    }

    @Test
    void labelsInAnotherOrderKeepTheOrderOfTheClassifier() {
        try (Model<Text, String, Classification> saved = Models.withoutDropout();
                Model<Text, String, Classification> model = Bert.fromPretrained(Golden.path("golden/tiny_bert"))
                        .load(SequenceClassification.of("positive", "negative", "neutral"))) {
            assertThat(model.predict(TEXT)).isEqualTo(saved.predict(TEXT));
        }
    }

    @Test
    void anotherNumberOfLabelsIsRefused() {
        Bert bert = Bert.fromPretrained(Golden.path("golden/tiny_bert"));

        assertThatThrownBy(() -> bert.load(SequenceClassification.of("a", "b")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("classifier.weight is [3, 32], this head needs [2, 32]");
    }

    @Test
    void aLabelTheTaskDoesNotHaveIsRefused() {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            assertThatThrownBy(() -> model.collator(Padding.LONGEST).collate(List.of(Example.of(TEXT, "angry"))))
                    .isInstanceOf(DataException.class)
                    .hasMessage("label 'angry' of text 'The soup was cold.' is not one of the task's labels"
                            + " [negative, neutral, positive]");
        }
    }

    @Test
    void textLongerThanTheModelReadsIsCut() {
        try (Model<Text, String, Classification> model = Bert.fromPretrained(Golden.path("golden/tiny_bert"))
                .maxLength(8)
                .load(SequenceClassification.saved())) {
            var batch = model.collator(Padding.MAX_LENGTH).collate(List.of(Example.of(TEXT, "neutral")));

            assertThat(batch.tensor("input_ids").shape()).containsExactly(1, 8);
            assertThatThrownBy(() -> Bert.fromPretrained(Golden.path("golden/tiny_bert"))
                            .maxLength(513)
                            .load(SequenceClassification.saved()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("513 tokens, expected at most 512");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaid(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            assertThatThrownBy(() -> model.save(file.resolve("model")))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(file.toString());
            assertThat(model.predict(TEXT).label()).isNotEmpty();
        }
    }

    private static OnnxTensor row(OrtEnvironment environment, int[] numbers) throws OrtException {
        return OnnxTensor.createTensor(
                environment, new long[][] {Arrays.stream(numbers).asLongStream().toArray()});
    }

    private static double[] probabilities(Classification classification) {
        return classification.probabilities().values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
