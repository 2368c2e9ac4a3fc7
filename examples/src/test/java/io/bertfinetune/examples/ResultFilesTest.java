package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.prediction.Classification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {
    @TempDir
    private Path folder;

    @Test
    void numbersAreSortedAndIndentedAsPythonDoes() throws Exception {
        Printed.by(() -> new ResultFiles(folder)
                .save("eval", Metrics.of("eval_loss", 0.25).with("eval_accuracy", 0.5), 40));

        assertThat(folder.resolve("eval_results.json")).hasContent("""
                {
                    "eval_accuracy": 0.5,
                    "eval_loss": 0.25,
                    "eval_samples": 40
                }
                """);
    }

    @Test
    void allResultsAreThoseOfEverySplit() throws Exception {
        ResultFiles results = new ResultFiles(folder);

        Printed.by(() -> results.save("eval", Metrics.of("eval_loss", 0.5).with("epoch", 0), 40));
        Printed.by(() -> results.save("train", Metrics.of("train_loss", 0.75).with("epoch", 3), 100));

        assertThat(folder.resolve("all_results.json")).hasContent("""
                {
                    "epoch": 3.0,
                    "eval_loss": 0.5,
                    "eval_samples": 40,
                    "train_loss": 0.75,
                    "train_samples": 100
                }
                """);
    }

    @Test
    void numbersArePrinted() throws Exception {
        List<String> printed =
                Printed.by(() -> new ResultFiles(folder).save("eval", Metrics.of("eval_loss", 2.0 / 3), 40));

        assertThat(printed)
                .containsExactly("***** eval metrics *****", "  eval_loss    = 0.6667", "  eval_samples = 40");
    }

    @Test
    void somebodyElsesFileIsNotReplaced() throws IOException {
        Files.writeString(folder.resolve("all_results.json"), "[1, 2]");

        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> new ResultFiles(folder).save("eval", Metrics.of("eval_loss", 1), 1))
                .withMessageEndingWith("all_results.json: not a JSON object, so nothing can be added to it; remove it");
        assertThat(folder.resolve("all_results.json")).hasContent("[1, 2]");
    }

    @Test
    void predictionsHaveAHeaderAndANumberEach() {
        new ResultFiles(folder)
                .savePredictions(List.of(
                        new Classification("b", Map.of("a", 0.25, "b", 0.75)),
                        new Classification("a", Map.of("a", 1.0, "b", 0.0))));

        assertThat(folder.resolve("predict_results.txt")).hasContent("index\tprediction\n0\tb\n1\ta\n");
    }
}
