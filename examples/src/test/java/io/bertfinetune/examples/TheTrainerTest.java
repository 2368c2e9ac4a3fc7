package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TheTrainerTest {
    @TempDir
    private static Path folder;

    private static String model;
    private static String data;
    private static List<String> printed;

    @BeforeAll
    static void run() throws Exception {
        model = TinyBert.in(folder).toString();
        data = SmallMails.in(folder).toString();
        printed = Printed.by(() -> TheTrainer.main(
                "--model", model,
                "--data", data,
                "--epochs", "3",
                "--few", "48",
                "--most_epochs", "6",
                "--learning_rate", "1e-2"));
    }

    @Test
    void itFindsWhatTheHandWrittenLoopFinds() throws Exception {
        List<String> byHand = Printed.by(() ->
                HandWrittenLoop.main("--model", model, "--data", data, "--epochs", "3", "--learning_rate", "1e-2"));

        String test = byHand.stream()
                .filter(line -> line.startsWith("test: "))
                .findFirst()
                .orElseThrow();
        assertThat(printed)
                .contains(test.replace("loss=", "loss ")
                        .replace(" accuracy=", ", accuracy ")
                        .replace(" matthews_correlation=", ", Matthews correlation "));
    }

    @Test
    void theResumedRunIsTheRunInOneGo() {
        assertThat(printed).contains("power cut after step 8; saved are [checkpoint-5]");
        assertThat(numbers("resumed: ", printed)).isEqualTo(numbers("in one go: ", printed));
    }

    private static String numbers(String name, List<String> printed) {
        return printed.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theModelOfTheBestEpochStays() {
        List<String> stopped = printed.subList(printed.indexOf("-- early stopping") + 1, printed.size());
        double best = stopped.stream()
                .filter(line -> line.startsWith("epoch "))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*loss ([\\d.]+),.*", "$1")))
                .min()
                .orElseThrow();
        assertThat(stopped)
                .anyMatch(line -> line.matches("stopped after epoch \\d+; the model is that of step \\d+,.*")
                        && line.endsWith("validation loss " + String.format(Locale.ROOT, "%.4f", best)));
    }
}
