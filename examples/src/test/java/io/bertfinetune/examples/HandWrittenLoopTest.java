package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandWrittenLoopTest {
    private static final String NUMBERS =
            "loss=\\d\\.\\d{4} accuracy=[01]\\.\\d{4} matthews_correlation=-?[01]\\.\\d{4}";

    @TempDir
    private Path folder;

    private List<String> run(String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString()));
        args.addAll(List.of(more));
        return Printed.by(() -> HandWrittenLoop.main(args.toArray(String[]::new)));
    }

    private static double lastNumber(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static double trainLoss(String line) {
        return Double.parseDouble(line.replaceAll(".*train loss (\\d\\.\\d+);.*", "$1"));
    }

    @Test
    void everyEpochIsReportedAndValidated() throws Exception {
        List<String> printed = run("--epochs", "2", "--batch_size", "4");

        assertThat(printed)
                .filteredOn(line -> line.startsWith("epoch "))
                .hasSize(2)
                .allSatisfy(line ->
                        assertThat(line).matches("epoch [12] of 2: train loss \\d\\.\\d{4}; validation: " + NUMBERS));
        assertThat(printed)
                .filteredOn(line -> line.startsWith("step "))
                .singleElement()
                .asString()
                .matches("step  20 of 24: loss .*, gradient norm .*, learning rate 6.3e-05");
        assertThat(printed.get(printed.size() - 2)).matches("test: " + NUMBERS);
        assertThat(printed.get(printed.size() - 1)).matches("test, batch by batch: -?[01]\\.\\d\\d");
    }

    @Test
    void aStepLowersTheLossOfItsBatch() throws Exception {
        List<String> printed = run("--epochs", "1", "--learning_rate", "1e-3");

        List<Double> losses = printed.stream()
                .filter(line -> line.contains(", loss of the batch "))
                .map(HandWrittenLoopTest::lastNumber)
                .toList();
        assertThat(losses).hasSize(2);
        assertThat(losses.get(1)).isLessThan(losses.get(0));
    }

    @Test
    void theLossFalls() throws Exception {
        List<String> losses = run("--epochs", "20", "--batch_size", "8", "--learning_rate", "5e-3").stream()
                .filter(line -> line.startsWith("epoch"))
                .toList();

        assertThat(trainLoss(losses.get(19))).isLessThan(trainLoss(losses.get(0)) - 0.2);
    }

    @Test
    void warmUpAndFewerExamplesCount() throws Exception {
        List<String> printed = run("--epochs", "1", "--batch_size", "1", "--examples", "40", "--warmup_ratio", "0.5");

        assertThat(printed)
                .anyMatch(line -> line.matches("step  20 of 40: .* learning rate 2\\.\\de-04"))
                .anyMatch(line -> line.matches("step  40 of 40: .* learning rate 1\\.5e-05"));
    }

    @Test
    void aWrongNumberIsRefused() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> run("--learning_rate", "fast"))
                .withMessage("--learning_rate is 'fast', expected a number");
    }

    @Test
    void theCorrelationOfABatchIsOfItsOwn32Examples() {
        List<Outcome<Example<Text, String>, Classification>> outcomes = new ArrayList<>();
        outcomes.addAll(Collections.nCopies(16, outcome("a", "a")));
        outcomes.addAll(Collections.nCopies(16, outcome("b", "b")));
        outcomes.addAll(Collections.nCopies(4, outcome("a", "b")));
        outcomes.addAll(Collections.nCopies(4, outcome("b", "a")));

        assertThat(HandWrittenLoop.byBatch(outcomes)).containsExactly(1.0, -1.0);
    }

    private static Outcome<Example<Text, String>, Classification> outcome(String truth, String predicted) {
        Map<String, Double> scores = predicted.equals("a") ? Map.of("a", 0.9, "b", 0.1) : Map.of("a", 0.1, "b", 0.9);
        return new Outcome<>(Example.of(Text.of("?"), truth), new Classification(predicted, scores));
    }
}
