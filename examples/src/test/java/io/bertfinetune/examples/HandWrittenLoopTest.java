package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandWrittenLoopTest {
    private static final String NUMBERS =
            "accuracy=[01]\\.\\d{4} loss=\\d\\.\\d{4} matthews_correlation=-?[01]\\.\\d{4}";

    @TempDir
    private Path folder;

    private List<String> run(String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString()));
        args.addAll(List.of(more));
        return Printed.by(() -> HandWrittenLoop.main(args.toArray(String[]::new)));
    }

    private static double trainLoss(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    @Test
    void everyEpochIsReportedAndValidated() throws Exception {
        List<String> printed = run("--epochs", "2");

        assertThat(printed).hasSize(5);
        assertThat(printed.get(0)).matches("epoch 1 of 2: train loss \\d\\.\\d{4}");
        assertThat(printed.get(1)).matches("validation: " + NUMBERS);
        assertThat(printed.get(2)).matches("epoch 2 of 2: train loss \\d\\.\\d{4}");
        assertThat(printed.get(3)).matches("validation: " + NUMBERS);
        assertThat(printed.get(4)).matches("test: " + NUMBERS);
    }

    @Test
    void theLossFalls() throws Exception {
        List<String> losses = run("--epochs", "12", "--batch_size", "8", "--learning_rate", "1e-2").stream()
                .filter(line -> line.startsWith("epoch"))
                .toList();

        assertThat(trainLoss(losses.get(11))).isLessThan(trainLoss(losses.get(0)) - 0.2);
    }
}
