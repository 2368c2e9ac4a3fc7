package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.checkpoint.FileOperations;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCardTest {
    private static final ModelCard MAILS = ModelCard.named("mail-desk");

    @TempDir
    private Path folder;

    private static Metrics entry(long step, Map<String, Double> numbers) {
        return Metrics.of(numbers).with("epoch", step / 4.0).with("step", (double) step);
    }

    /** Two evaluations, and the end of the run. */
    private static TrainerState.Builder trained() {
        return TrainerState.builder()
                .log(entry(3, Map.of("loss", 0.51234567)))
                .log(entry(4, Map.of("eval_loss", 0.4, "eval_runtime", 1.0)))
                .log(entry(6, Map.of("loss", 0.25)))
                .log(entry(8, Map.of("eval_loss", 0.35)).with("eval_accuracy", 0.87654321))
                .log(entry(8, Map.of("train_loss", 0.4, "train_runtime", 2.0)));
    }

    private static String text(ModelCard card, TrainingArguments args, TrainerState state) {
        return new ModelCardText(
                        card, SequenceClassification.of("good", "bad"), args, state, List.of("bert-finetune 1"))
                .text();
    }

    private static String text(ModelCard card) {
        return text(card, TrainingArguments.builder().build(), trained().build());
    }

    @Test
    void aCardIsLaidOutAsHuggingFaceDoes() {
        ModelCard card = MAILS.license("apache-2.0")
                .baseModel("google-bert/bert-base-uncased")
                .language("en")
                .dataset("customer-mails")
                .tag("mails");
        TrainingArguments args = TrainingArguments.builder()
                .learningRate(2e-5)
                .gradientAccumulationSteps(2)
                .warmupSteps(Steps.ratio(0.1))
                .weightDecay(0.01)
                .build();

        assertThat(text(card, args, trained().build())).isEqualTo("""
                ---
                library_name: transformers
                language:
                - en
                license: apache-2.0
                base_model: google-bert/bert-base-uncased
                tags:
                - mails
                - generated_from_trainer
                datasets:
                - customer-mails
                metrics:
                - accuracy
                model-index:
                - name: mail-desk
                  results:
                  - task:
                      name: Text Classification
                      type: text-classification
                    dataset:
                      name: customer-mails
                      type: customer-mails
                    metrics:
                    - name: Accuracy
                      type: accuracy
                      value: 0.87654321
                ---

                <!-- This model card was written by the Trainer from what it knows. Read it, complete it, and remove this comment. -->

                # mail-desk

                This model is a fine-tuned version of [google-bert/bert-base-uncased](https://huggingface.co/google-bert/bert-base-uncased) on the customer-mails dataset.
                It achieves the following results on the evaluation set:
                - Loss: 0.35
                - Accuracy: 0.8765

                ## Model description

                More information needed

                ## Intended uses & limitations

                More information needed

                ## Training and evaluation data

                More information needed

                ## Training procedure

                ### Training hyperparameters

                The following hyperparameters were used during training:
                - learning_rate: 2e-05
                - train_batch_size: 8
                - eval_batch_size: 8
                - seed: 42
                - gradient_accumulation_steps: 2
                - total_train_batch_size: 16
                - optimizer: AdamW[beta1=0.9, beta2=0.999, epsilon=1.0E-8]
                - weight_decay: 0.01
                - lr_scheduler_type: linear
                - lr_scheduler_warmup_steps: 0.1
                - num_epochs: 3.0

                ### Training results

                | Training Loss | Epoch | Step | Validation Loss | Accuracy |
                |:-------------:|:-----:|:----:|:---------------:|:--------:|
                | 0.5123        | 1.0   | 4    | 0.4             |          |
                | 0.25          | 2.0   | 8    | 0.35            | 0.8765   |

                ### Framework versions

                - bert-finetune 1
                """);
    }

    @Test
    void whatNobodySaidIsUnknown() {
        assertThat(text(MAILS))
                .contains(
                        "license: unknown\n",
                        "  results: []\n",
                        "This model is a BERT fine-tuned on an unknown dataset.")
                .doesNotContain("base_model", "datasets:", "language:");
    }

    @ParameterizedTest
    @CsvSource({"no, '\"no\"'", "true, '\"true\"'", "123, '\"123\"'", "a: b, '\"a: b\"'", "en, en", "mit, mit"})
    void aWordYamlWouldTakeForSomethingElseIsQuoted(String license, String written) {
        assertThat(text(MAILS.license(license))).contains("license: " + written + "\n");
    }

    @ParameterizedTest
    @CsvSource({"2e-4, 0.0002", "5e-5, 5e-05", "1.5e-5, 1.5e-05", "0.1, 0.1", "2, 2.0"})
    void numbersAreWrittenAsPythonDoes(double rate, String written) {
        TrainingArguments args = TrainingArguments.builder().learningRate(rate).build();

        assertThat(text(MAILS, args, trained().build())).contains("- learning_rate: " + written + "\n");
    }

    @Test
    void productsInSixteenBitsAreTold() {
        TrainingArguments.Builder args = TrainingArguments.builder();

        assertThat(text(MAILS, args.build(), trained().build())).doesNotContain("mixed_precision");
        assertThat(text(MAILS, args.bf16(true).build(), trained().build()))
                .contains("\n- mixed_precision_training: bf16\n");
        assertThat(text(MAILS, args.bf16(false).fp16(true).build(), trained().build()))
                .contains("\n- mixed_precision_training: fp16\n");
    }

    @Test
    void anEvaluationAfterTrainingIsTheResult() {
        TrainerState state = trained().log(entry(8, Map.of("eval_loss", 0.11))).build();

        assertThat(text(MAILS, TrainingArguments.builder().build(), state))
                .contains("evaluation set:\n- Loss: 0.11\n\n")
                .contains("| 0.25          | 2.0   | 8    | 0.35 ");
    }

    @Test
    void theResultOfTheBestModelIsThatOfItsEvaluation() {
        TrainingArguments args = TrainingArguments.builder()
                .evalStrategy(IntervalStrategy.EPOCH)
                .loadBestModelAtEnd(true)
                .build();

        TrainerState state = trained()
                .globalStep(8)
                .bestGlobalStep(4)
                .bestModelCheckpoint(Path.of("checkpoint-4"))
                .build();

        assertThat(text(MAILS, args, state)).contains("evaluation set:\n- Loss: 0.4\n\n");
    }

    @Test
    void whereTheBestModelWasNotLoadedTheResultIsThatOfTheLastEvaluation() {
        TrainingArguments args = TrainingArguments.builder()
                .evalStrategy(IntervalStrategy.EPOCH)
                .loadBestModelAtEnd(true)
                .build();
        TrainerState state = trained().globalStep(8).bestGlobalStep(4).build();

        assertThat(text(MAILS, args, state)).contains("evaluation set:\n- Loss: 0.35\n");
    }

    @Test
    void withoutEvaluationThereAreNoResults() {
        TrainerState state =
                TrainerState.builder().log(entry(8, Map.of("train_loss", 0.4))).build();

        assertThat(text(MAILS.dataset("mails"), TrainingArguments.builder().build(), state))
                .contains("results: []")
                .doesNotContain("It achieves", "### Training results", "metrics:");
    }

    @Test
    void aTrainerWritesTheCardOfItsRun() throws Exception {
        Trainer<Text, String, Classification> trainer = trainer().build();
        trainer.train();
        Metrics metrics = trainer.evaluate();

        Path written = trainer.createModelCard(folder.resolve("model"), MAILS);
        trainer.createModelCard(folder.resolve("model"), MAILS);

        assertThat(written)
                .hasFileName("README.md")
                .content()
                .contains(
                        String.format(Locale.ROOT, "- Accuracy: %s\n", metrics.get("eval_accuracy")),
                        "| 0.6930        | 1.0   | 3    |",
                        "- Java " + Runtime.version());
        try (Stream<Path> files = Files.list(folder.resolve("model"))) {
            assertThat(files).containsExactly(written);
        }
    }

    @Test
    void aCardThatCannotBeWrittenLeavesTheOldOne() throws Exception {
        Path old = Files.writeString(folder.resolve("README.md"), "old");
        Trainer<Text, String, Classification> trainer =
                trainer().files(new FullDisk()).build();

        assertThatThrownBy(() -> trainer.createModelCard(folder, MAILS))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("README.md cannot be written")
                .hasMessageContaining("disk full");
        assertThat(old).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(old);
        }
    }

    @Test
    void whatIsNoLineIsRefused() {
        assertThatThrownBy(() -> MAILS.license("mit\nmodel-index: []")).hasMessageContaining("expected one line");
        assertThatThrownBy(() -> ModelCard.named(" ")).hasMessageContaining("name is ' '");
    }

    private static Trainer.Builder<Text, String, Classification> trainer() {
        var data = Numbers.signs(20);
        return Trainer.builder()
                .model(Numbers.model())
                .trainDataset(data)
                .evalDataset(data)
                .evalStrategy(IntervalStrategy.EPOCH);
    }

    /** A disk on which half of a file has room. */
    private static final class FullDisk implements FileOperations {
        private final FileOperations disk = FileOperations.ofDisk();

        @Override
        public void createFolders(Path path) throws IOException {
            disk.createFolders(path);
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
            disk.write(file, Arrays.copyOf(content, content.length / 2));
            throw new IOException("disk full");
        }

        @Override
        public void force(Path path) throws IOException {
            disk.force(path);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            disk.move(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.delete(path);
        }
    }
}
