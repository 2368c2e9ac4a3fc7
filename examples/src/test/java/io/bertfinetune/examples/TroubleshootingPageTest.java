package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TroubleshootingPageTest {
    private static final Path PAGE = Path.of("..", "docs", "guides", "troubleshooting.md");

    @Test
    void everyMessageOfThePageIsInTheSource() throws IOException {
        String source;
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            source = modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .map(TroubleshootingPageTest::strings)
                    .collect(Collectors.joining());
        }

        List<String> messages = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(messages)
                .hasSizeGreaterThan(10)
                .allSatisfy(message -> assertThat(source).as(message).contains(message));
    }

    /** All Java of a folder, with strings that were broken over lines in one piece. */
    private static String strings(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            StringBuilder all = new StringBuilder();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
