package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The notebooks of the workshop are the code of the examples, and print what they print. {@code -Dpages.update=true}
 * writes the code into them again.
 */
class NotebooksTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path NOTEBOOKS = Path.of("src", "main", "jshell");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"1-overview.jsh", "2-preparing-text.jsh", "3-fine-tuning-loop.jsh", "4-the-trainer.jsh"})
    void sectionsAreTheCodeOfTheExample(String name) throws IOException {
        Path notebook = NOTEBOOKS.resolve(name);
        String shown = Files.readString(notebook);

        String fresh = withFreshCode(notebook);

        if (Boolean.getBoolean("pages.update") && !shown.equals(fresh)) {
            Files.writeString(notebook, fresh);
        } else {
            assertThat(shown)
                    .as("%s; refresh it as PagesTest says, with -Dtest=NotebooksTest", notebook)
                    .isEqualTo(fresh);
        }
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource({
        "1-overview.jsh, InsideBert",
        "2-preparing-text.jsh, PreparingText",
    })
    void jshellPrintsWhatTheExamplePrints(String name, String example) throws Exception {
        List<String> expected = Printed.by(() -> Examples.run(System.out, System.err, arguments(example)));
        expected = expected.stream()
                .filter(line -> !line.startsWith("-- ") && !line.startsWith("drawn into "))
                .toList();

        List<String> printed = jshell(NOTEBOOKS.resolve(name).toAbsolutePath());

        assertThat(printed).isEqualTo(expected);
    }

    /** Parts that train for minutes train the tiny BERT here; nothing else of them is changed. */
    @ParameterizedTest
    @Tag("long")
    @CsvSource({"3-fine-tuning-loop.jsh, HandWrittenLoop", "4-the-trainer.jsh, TheTrainer"})
    void jshellTrainsAsTheExampleTrains(String name, String example) throws Exception {
        String tiny = TinyBert.in(folder).toString();
        String shown = Files.readString(NOTEBOOKS.resolve(name));
        String shortened = shown.replace("examples/target/models/all-minilm-l6-v2.jar", tiny);
        assertThat(shortened).isNotEqualTo(shown);
        List<String> expected =
                Printed.by(() -> Examples.run(System.out, System.err, example, "--model", tiny)).stream()
                        .filter(line -> !line.startsWith("-- "))
                        .toList();

        List<String> printed = jshell(Files.writeString(folder.resolve(name), shortened));

        assertThat(printed).isEqualTo(expected);
    }

    private String[] arguments(String example) {
        return example.equals("InsideBert")
                ? new String[] {
                    example, "--picture", folder.resolve("picture.svg").toString()
                }
                : new String[] {example};
    }

    private List<String> jshell(Path notebook) throws Exception {
        Path printed = folder.resolve("printed.txt");
        Path exit = Files.writeString(folder.resolve("exit.jsh"), "/exit\n");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jshell")
                                .toString(),
                        "-s",
                        "-R-Xmx1g",
                        "-R-Dfile.encoding=UTF-8",
                        "-J-Dfile.encoding=UTF-8",
                        "--class-path",
                        System.getProperty("java.class.path"),
                        notebook.toString(),
                        exit.toString())
                .directory(ROOT.toFile())
                .redirectOutput(printed.toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(printed, StandardCharsets.UTF_8);
    }

    /** The notebook with every section as its source is now: what a page is in Markdown, in the comments of Java. */
    private static String withFreshCode(Path notebook) throws IOException {
        List<String> page = Files.readAllLines(notebook).stream()
                .flatMap(line -> line.startsWith("// source: ")
                        ? List.of("<!-- " + line.substring("// ".length()) + " -->", "```java").stream()
                        : List.of(line.equals("// end") ? "```" : line).stream())
                .toList();
        String fresh = new Page(ROOT, notebook.toAbsolutePath().normalize(), page).withFreshCode();
        return fresh.replace(" -->\n```java\n", "\n")
                .replace("<!-- source: ", "// source: ")
                .replace("```\n", "// end\n")
                .replaceAll("(?m)^(private |static |final )+", "");
    }
}
