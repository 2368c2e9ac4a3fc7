package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

    /** The sources with a main method, this starter aside. */
    private static List<String> programs() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/bertfinetune/examples"))) {
            for (Path source : sources.toList()) {
                String name = source.getFileName().toString().replace(".java", "");
                if (!name.equals("Examples") && Files.readString(source).contains("static void main(")) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void withoutANameTheExamplesAreListed() throws Exception {
        assertThat(run()).isZero();
        assertThat(lines(out)).element(1).asString().startsWith("  QuickStart ");
        assertThat(lines(out).stream().skip(1).map(line -> line.strip().split(" ")[0]))
                .containsExactlyInAnyOrderElementsOf(programs());
        assertThat(lines(err)).isEmpty();
    }

    @Test
    void anUnknownNameIsRefusedWithTheListOfNames() throws Exception {
        assertThat(run("Quick")).isEqualTo(2);
        assertThat(lines(err)).hasSizeGreaterThan(1).startsWith("no example 'Quick'; there are");
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
        assertThat(lines(err))
                .containsExactly("WebService: model nowhere: no such file or folder; looked for "
                        + Path.of("nowhere").toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "QuickStart",
                "HandWrittenLoop",
                "LoopReport",
                "TheTrainer",
                "TrainerTour",
                "LiveRun",
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
