package io.bertfinetune;

import static java.util.stream.Collectors.averagingDouble;
import static java.util.stream.Collectors.filtering;
import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.CalibrationError;
import io.bertfinetune.metric.ConfusionMatrix;
import io.bertfinetune.metric.F1;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.metric.Pearson;
import io.bertfinetune.metric.RocAuc;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.prediction.Score;
import io.bertfinetune.prediction.Tagging;
import io.bertfinetune.text.Text;
import io.bertfinetune.text.Words;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/metrics.md}, each piece in a real evaluation. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");

    private final IndexedDataset<Example<Text, String>> train = Numbers.signs(20);
    private final Dataset<Example<Text, String>> dev =
            Dataset.of(Stream.concat(Numbers.list(20).stream(), Stream.of(Example.of(Text.of("0.5 1"), "minus")))
                    .toList());
    private final Trainer.Builder<Text, String, Classification> builder =
            Trainer.builder().model(Numbers.model()).trainDataset(train).learningRate(0.5);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void choose() throws IOException {
        // #region choose
        var trainer = builder.evalDataset(dev)
                .computeMetrics(F1.of("plus"), RocAuc.of("plus"), CalibrationError.of(), ConfusionMatrix.metric())
                .build();
        trainer.train();
        Metrics metrics = trainer.evaluate();

        double f1 = metrics.get("eval_f1");
        ConfusionMatrix matrix = metrics.detail("eval_confusion_matrix", ConfusionMatrix.class);
        out.println(matrix);
        long missed = matrix.count("plus", "minus");
        // #endregion choose

        assertThat(f1).isEqualTo(20 / 21.0);
        assertThat(missed).isZero();
        assertThat(metrics.values()).containsKeys("eval_roc_auc", "eval_calibration_error");
        assertThat(Files.readString(PAGE)).contains("```text\n" + printed.toString(StandardCharsets.UTF_8) + "```");
    }

    @Test
    void matrixOfPredictions() {
        var trainer = builder.build();
        // #region predictions
        var output = trainer.predict(dev);
        ConfusionMatrix matrix = output.outcomes().stream().collect(ConfusionMatrix.collector());
        // #endregion predictions

        assertThat(matrix.count("minus", "minus")).isEqualTo(11);
    }

    @Test
    void own() {
        // #region own
        Metric<Example<Text, String>, Classification> plusRecall = Metric.of(
                "plus_recall",
                filtering(
                        o -> o.example().label().equals("plus"),
                        averagingDouble(o -> o.prediction().label().equals("plus") ? 1 : 0)));
        builder.computeMetrics(Accuracy.of(), plusRecall);
        // #endregion own

        assertThat(builder.build().evaluate(dev).get("eval_plus_recall")).isZero();
    }

    @Test
    void entities() {
        // #region entities
        Words words = Words.of("Ada", "Lovelace", "met", "Babbage", ".");
        Tagging tagging = Tagging.of(words, List.of("B-PER", "I-PER", "O", "B-PER", "O"));
        tagging.entities().forEach(out::println); // PER "Ada Lovelace" 0..12, then PER "Babbage" 17..24
        // #endregion entities

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("PER \"Ada Lovelace\" 0..12", "PER \"Babbage\" 17..24");
    }

    @Test
    void withoutAHead() {
        // #region direct
        List<Outcome<Example<Text, Double>, Score>> outcomes = List.of(
                new Outcome<>(Example.of(Text.of("A cat sleeps."), 1.0), new Score(1.2)),
                new Outcome<>(Example.of(Text.of("A dog runs."), 3.5), new Score(3.0)),
                new Outcome<>(Example.of(Text.of("Rain falls."), 4.0), new Score(4.4)));

        Metrics metrics = outcomes.stream().collect(Pearson.of().collector());
        out.printf(Locale.ROOT, "%.4f%n", metrics.get("pearson"));
        // #endregion direct

        assertThat(printed.toString(StandardCharsets.UTF_8).strip()).isEqualTo("0.9567");
    }

    @Test
    void thePageNamesEveryMetric() throws IOException {
        String page = Files.readString(PAGE);

        try (Stream<Path> sources = Files.list(Path.of("src", "main", "java", "io", "bertfinetune", "metric"))) {
            List<String> metrics = sources.filter(MetricsPageTest::isMetric)
                    .map(source -> source.getFileName().toString().replace(".java", ""))
                    .toList();
            assertThat(metrics)
                    .hasSizeGreaterThanOrEqualTo(15)
                    .allSatisfy(name -> assertThat(page).contains("`" + name));
        }
    }

    private static boolean isMetric(Path source) {
        try {
            return Files.readString(source)
                    .matches("(?s).*public final class \\w+ (implements Metric<|extends ScoreOfLabels).*");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
