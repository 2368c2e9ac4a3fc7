package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");

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
}
