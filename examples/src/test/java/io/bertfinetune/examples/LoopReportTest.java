package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopReportTest {
    @TempDir
    private Path folder;

    private void run(String output, String seeds) throws Exception {
        Printed.by(() -> LoopReport.main(
                "--model",
                TinyBert.in(folder).toString(),
                "--data",
                SmallMails.in(folder).toString(),
                "--epochs",
                "2",
                "--seeds",
                seeds,
                "--name",
                "tiny",
                "--output",
                folder.resolve(output).toString()));
    }

    @Test
    void everySeedHasItsLinesAndThePicturesAreThere() throws Exception {
        run("out", "1, 2");

        Path out = folder.resolve("out");
        List<String> results = Files.readAllLines(out.resolve("tiny-results.txt"));
        assertThat(results)
                .startsWith("tiny: 48 texts to learn from, 24 to validate, 12 to test")
                .filteredOn(
                        line -> line.matches(" +[12] +[12] +\\d\\.\\d{3} +\\d\\.\\d{3} +\\d\\.\\d{3} +-?\\d\\.\\d{3}"))
                .hasSize(4);
        assertThat(results)
                .filteredOn(line -> line.matches(" +[12]( +-?\\d\\.\\d{3}){3}"))
                .hasSize(2);
        assertThat(results).anyMatch(line -> line.startsWith("test MCC of 2 seeds: mean "));
        assertThat(out).isDirectoryContaining("glob:**/tiny-loss.svg").isDirectoryContaining("glob:**/tiny-mcc.svg");
    }

    @Test
    void theSameSeedsAreTheSameBytes() throws Exception {
        run("first", "7");
        run("second", "7");

        for (String file : List.of("tiny-results.txt", "tiny-loss.svg", "tiny-mcc.svg")) {
            assertThat(folder.resolve("second").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("first").resolve(file));
        }
    }

    @Test
    void seedsThatAreNoNumbersAreRefused() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> run("out", "42;43"))
                .withMessage("--seeds is '42;43', expected whole numbers such as 42,43,44");
    }
}
