package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path SOURCE = Path.of("src/test/java/io/bertfinetune/examples/ReadmeExample.java");

    @Test
    void theFirstCodeOfTheReadmeIsCompiled() throws IOException {
        String readme = Files.readString(README);
        int start = readme.indexOf("```java") + "```java".length();
        String shown = readme.substring(start, readme.indexOf("```", start));
        String compiled = Files.readString(SOURCE).split("// README\\n")[1];

        assertThat(code(shown)).isNotEmpty().isEqualTo(code(compiled));
    }

    @Test
    void theCommandsOfTheReadmeNameExamplesThatExist() throws IOException {
        List<String> commands = Files.readAllLines(README).stream()
                .map(String::trim)
                .filter(line -> line.contains("bert-finetune-examples.jar "))
                .toList();

        assertThat(commands).isNotEmpty().allSatisfy(command -> {
            String example = command.replaceAll(".*bert-finetune-examples.jar (\\w+).*", "$1");
            assertThat(Path.of("src/main/java/io/bertfinetune/examples/" + example + ".java"))
                    .exists();
        });
    }

    /** The statements, without indentation and without how the formatter breaks lines. */
    private static List<String> code(String text) {
        String joined =
                text.lines().map(String::trim).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
        return List.of(joined.replaceAll("\\s+", " ").replace(" .", ".").split("(?<=[;{}]) "));
    }
}
