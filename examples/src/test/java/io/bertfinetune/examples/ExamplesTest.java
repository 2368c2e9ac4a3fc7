package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExamplesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) throws Exception {
        return Examples.run(print(out), print(err), args);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void withoutANameTheExamplesAreListed() throws Exception {
        assertThat(run()).isZero();
        assertThat(lines(out)).hasSize(9).element(1).asString().startsWith("  QuickStart ");
        assertThat(lines(err)).isEmpty();
    }

    @Test
    void anUnknownNameIsRefusedWithTheListOfNames() throws Exception {
        assertThat(run("Quick")).isEqualTo(2);
        assertThat(lines(err)).hasSize(9).startsWith("no example 'Quick'; there are");
        assertThat(lines(out)).isEmpty();
    }

    @Test
    void aWrongFlagIsOneLine() throws Exception {
        assertThat(run("QuickStart", "--epoch", "3")).isEqualTo(2);
        assertThat(lines(err)).containsExactly("QuickStart: unknown flag --epoch; did you mean --epochs?");
    }

    @Test
    void aFileThatIsNotThereIsOneLine() throws Exception {
        assertThat(run("HandWrittenLoop", "--data", "nowhere")).isEqualTo(1);
        assertThat(lines(err))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("HandWrittenLoop: nowhere")
                .contains("no such file");
    }

    @Test
    void aModelThatIsNotThereIsOneLine() throws Exception {
        assertThat(run("WebService", "--model", "nowhere", "--port", "0")).isEqualTo(1);
        assertThat(lines(err)).containsExactly("WebService: model nowhere: no such file or folder");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "QuickStart",
                "HandWrittenLoop",
                "TrainerTour",
                "OwnData",
                "OwnMetricAndOptimizer",
                "RunClassification",
                "WebService"
            })
    void everyExampleListsItsFlags(String name) throws Exception {
        List<String> printed = Printed.by(() -> assertThat(run(name, "--help")).isZero());

        assertThat(printed).isNotEmpty().allSatisfy(line -> assertThat(line).startsWith("  --"));
    }
}
