package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.CsvFormat;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.TrainingLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many token positions a model computes in an epoch of a Trainer, padding included. */
class LengthGroupingTest {
    private static final Path COLA = Path.of("..", "..", "shared", "data", "cola", "in_domain_train.tsv");
    private static final Path MINI_LM = Path.of("target", "models", "all-minilm-l6-v2.jar");
    private static final int BATCH = 32;
    private static final int MAX_LENGTH = 64;

    /** An epoch's token positions, and how many of them are no padding. */
    private record Epoch(long examples, long positions, long real) {
        double excess() {
            return (double) positions / real - 1;
        }
    }

    @Test
    void groupedBatchesOfColaHoldHardlyAnyPadding() {
        assumeTrue(Files.exists(COLA), () -> "skipped: no CoLA at " + COLA);
        assumeTrue(
                Files.exists(MINI_LM), () -> "skipped: no MiniLM at " + MINI_LM + ", copied there by the Maven build");
        IndexedDataset<Example<Text, String>> data = Dataset.csv(
                        COLA, CsvFormat.TSV.columns("source", "label", "mark", "sentence"))
                .map(row -> Example.of(Text.of(row.get("sentence")), row.get("label")))
                .split(0.9, 42)
                .train();
        try (var model = Bert.fromPretrained(MINI_LM).maxLength(MAX_LENGTH).load(SequenceClassification.of("0", "1"))) {
            Epoch random = epoch(model, data, Sampler.random());
            Epoch grouped = epoch(model, data, Sampler.groupByLength());

            print("CoLA", random, grouped);
            assertThat(grouped.examples).isEqualTo(random.examples).isEqualTo(7696);
            assertThat(grouped.real).isEqualTo(random.real);
            assertThat(grouped.excess()).isLessThan(0.05);
            assertThat(random.excess()).isGreaterThan(0.9);
        }
    }

    @Test
    void groupedBatchesOfAnyTextsHoldHardlyAnyPadding() {
        Random drawn = new Random(1);
        IndexedDataset<Example<Text, String>> data = Dataset.of(IntStream.range(0, 6400)
                .mapToObj(i -> "the ".repeat(Math.min(45, (int) (4 + 7 * Math.exp(0.6 * drawn.nextGaussian())))))
                .map(text -> Example.of(Text.of(text), text.length() % 3 == 0 ? "no" : "yes"))
                .toList());
        try (var model = Bert.fromPretrained(Golden.path("tiny_bert"))
                .maxLength(MAX_LENGTH)
                .load(SequenceClassification.of("no", "yes"))) {
            Epoch random = epoch(model, data, Sampler.random());
            Epoch grouped = epoch(model, data, Sampler.groupByLength());

            print("generated", random, grouped);
            assertThat(grouped.real).isEqualTo(random.real);
            assertThat(grouped.excess()).isLessThan(0.05);
            assertThat(random.excess()).isGreaterThan(0.5);
        }
    }

    /** The batches of a trainer's epoch, looked at by a loop that does not train. */
    private static Epoch epoch(
            Model<Text, String, Classification> model, Dataset<Example<Text, String>> data, Sampler sampler) {
        long[] counts = new long[3];
        TrainingLoop<Example<Text, String>> counting = (session, updates) ->
                updates.forEach(update -> update.microBatches().forEach(batch -> count(batch, counts)));
        Trainer.builder()
                .model(model)
                .trainDataset(data)
                .trainingLoop(counting)
                .trainSamplingStrategy(sampler)
                .perDeviceTrainBatchSize(BATCH)
                .numTrainEpochs(1)
                .build()
                .train();
        return new Epoch(counts[0], counts[1], counts[2]);
    }

    private static void count(Batch<?> batch, long[] counts) {
        counts[0] += batch.size();
        var mask = batch.tensor("attention_mask").longs();
        counts[1] += mask.remaining();
        while (mask.hasRemaining()) {
            counts[2] += mask.get();
        }
    }

    private static void print(String name, Epoch random, Epoch grouped) {
        System.out.printf(
                Locale.ROOT,
                "%s: an epoch of %,d texts in batches of %d has %,d tokens%n",
                name,
                random.examples,
                BATCH,
                random.real);
        System.out.printf(Locale.ROOT, "  padded to %d               %,9d%n", MAX_LENGTH, random.examples * MAX_LENGTH);
        print("random, padded to longest ", random);
        print("group_by_length           ", grouped);
    }

    private static void print(String name, Epoch epoch) {
        System.out.printf(
                Locale.ROOT, "  %s %,9d  (%.1f %% padding added)%n", name, epoch.positions, 100 * epoch.excess());
    }
}
