package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Part 4 of the workshop has a section for each argument, and the argument's description leads there. */
class ArgumentsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "workshop", "4-the-trainer.md");
    private static final Path BUILDER = Path.of("src", "main", "java", "io", "bertfinetune", "ArgumentsBuilder.java");
    private static final String LINK = "{@docRoot}/../workshop/4-the-trainer.html#";

    private static Stream<String> arguments() {
        return Argument.all().stream().map(Argument::name);
    }

    private static List<String> found(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(Files.readString(file))
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static List<String> sections() throws IOException {
        return found(PAGE, "^### (\\w+)$");
    }

    @Test
    void everyArgumentHasASectionAndEverySectionIsAnArgument() throws IOException {
        assertThat(sections()).containsExactlyInAnyOrderElementsOf(arguments().toList());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void theDescriptionOfEachMethodLeadsToItsSection(String name) throws IOException {
        String source = Files.readString(BUILDER);

        List<String> descriptions = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+public B " + name + "\\(", Pattern.DOTALL)
                .matcher(source)
                .results()
                .map(result -> result.group(1))
                .toList();

        assertThat(descriptions)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).contains(LINK + name.toLowerCase(Locale.ROOT) + "\""));
    }

    @Test
    void everyLinkHasItsSection() throws IOException {
        List<String> anchors = found(BUILDER, Pattern.quote(LINK) + "(\\w+)\"");

        assertThat(anchors)
                .isNotEmpty()
                .allSatisfy(anchor -> assertThat(sections())
                        .anyMatch(section -> section.toLowerCase(Locale.ROOT).equals(anchor)));
    }

    @Test
    void everySectionSaysTheDefault() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(sections()).allSatisfy(name -> assertThat(page).containsPattern("### " + name + "\n\nDefault"));
    }
}
