package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.Trainer;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collector;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluation and streaming prediction of 100,000 rows in a JVM whose heap is 512 MB. */
@Tag("long")
class LongEvaluationTest {
    private static final int SMALL = 500;
    private static final int ROWS = 100_000;
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void aHundredThousandRowsGoThroughAHeapOf512Megabytes() throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rows.class.getName(),
                        Integer.toString(ROWS))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!child.waitFor(30, TimeUnit.MINUTES)) {
            child.destroyForcibly();
            throw new AssertionError("The child JVM hangs: " + Files.readString(output));
        }
        assertThat(child.exitValue()).as(Files.readString(output)).isZero();
        Map<String, Double> found = numbers(output);
        System.out.println(found);

        assertThat(found.get("heap")).isLessThanOrEqualTo(512);
        assertThat(found.get("different_labels")).isEqualTo(2);
        assertThat(found.get("small_accuracy")).isBetween(0.7, 0.95);
        assertThat(found.get("test_rows")).isEqualTo(ROWS);
        for (String pass : List.of("eval", "test")) {
            assertThat(found.get(pass + "_accuracy")).isCloseTo(found.get("small_accuracy"), within(1e-12));
            assertThat(found.get(pass + "_loss")).isCloseTo(found.get("small_loss"), within(1e-6));
            assertThat(found.get(pass + "_grown"))
                    .as("megabytes in use after the last row, beyond those after a fifth of the rows")
                    .isLessThan(8);
        }
    }

    private static Map<String, Double> numbers(Path output) throws IOException {
        Map<String, Double> numbers = new TreeMap<>();
        for (String line : Files.readAllLines(output)) {
            if (line.startsWith("= ")) {
                String[] parts = line.split(" ");
                numbers.put(parts[1], Double.parseDouble(parts[2]));
            }
        }
        return numbers;
    }

    /** Evaluates and predicts a small set and, as a stream, the same set again and again. */
    static final class Rows {
        private Rows() {}

        public static void main(String[] args) {
            int rows = Integer.parseInt(args[0]);
            List<Example<Text, String>> small =
                    IntStream.range(0, SMALL).mapToObj(Rows::example).toList();
            Dataset<Example<Text, String>> large =
                    () -> IntStream.range(0, rows).mapToObj(i -> copy(small.get(i % SMALL), i));
            try (Model<Text, String, Classification> model = Models.withDropout()) {
                Trainer.builder()
                        .model(model)
                        .trainDataset(Dataset.of(small))
                        .perDeviceTrainBatchSize(16)
                        .learningRate(1e-3)
                        .numTrainEpochs(3)
                        .build()
                        .train();
                var trainer = Trainer.builder()
                        .model(model)
                        .perDeviceEvalBatchSize(32)
                        .computeMetrics(Accuracy.of(), grown(rows))
                        .build();
                print("heap", Runtime.getRuntime().maxMemory() / (double) MEGABYTE);
                Metrics few = trainer.evaluate(Dataset.of(small));
                print("small_loss", few.get("eval_loss"));
                print("small_accuracy", few.get("eval_accuracy"));

                report("eval", trainer.evaluate(large));
                Map<String, Integer> predictions = new TreeMap<>();
                Metrics predicted = trainer.predict(
                        large, outcome -> predictions.merge(outcome.prediction().label(), 1, Integer::sum));
                report("test", predicted);
                print(
                        "test_rows",
                        predictions.values().stream().mapToInt(i -> i).sum());
                print("different_labels", predictions.size());
            }
        }

        /** A text of one word, by which its label can be told, but for every seventh. */
        private static Example<Text, String> example(int row) {
            boolean yes = row % 2 == 0;
            String text = (yes ? "good " : "dog ").repeat(1 + row * 7 % 23);
            return Example.of(Text.of(text), yes ^ row % 7 == 0 ? "yes" : "no");
        }

        /** The same text to a model, but another string. */
        private static Example<Text, String> copy(Example<Text, String> example, int row) {
            return Example.of(Text.of(example.input().text() + " ".repeat(1 + row % 9)), example.label());
        }

        private static void report(String pass, Metrics metrics) {
            for (String name : List.of("loss", "accuracy", "grown", "samples_per_second")) {
                print(pass + "_" + name, metrics.get(pass + "_" + name));
            }
        }

        private static void print(String name, double value) {
            System.out.println("= " + name + " " + value);
        }

        /** By how many megabytes the heap in use grew from a fifth of the rows to the last. */
        private static Metric<Example<Text, String>, Classification> grown(int rows) {
            return Metric.of(
                    "grown",
                    Collector.of(
                            () -> new double[3], // rows, megabytes then, megabytes now
                            (kept, outcome) -> {
                                kept[0]++;
                                if (kept[0] == rows / 5) {
                                    kept[1] = used();
                                } else if (kept[0] == rows) {
                                    kept[2] = used();
                                }
                            },
                            (a, b) -> a,
                            kept -> kept[2] - kept[1]));
        }

        private static double used() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return (runtime.totalMemory() - runtime.freeMemory()) / (double) MEGABYTE;
        }
    }
}
