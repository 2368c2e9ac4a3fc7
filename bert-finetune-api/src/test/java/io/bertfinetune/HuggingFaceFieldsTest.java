package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every field of Hugging Face's {@code TrainingArguments} is an argument, or is left out by name and with a reason. */
class HuggingFaceFieldsTest {
    private static final Path PAGE = Path.of("..", "docs", "parity.md");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    /** Read with the argument they belong to. */
    private static final Set<String> PART_OF_ANOTHER = Set.of("lr_scheduler_kwargs", "optim_args");

    @Test
    void transformersHas112Fields() throws IOException {
        assertThat(fields()).hasSize(112);
    }

    @Test
    void everyFieldIsAnArgumentOrLeftOutWithAReason() throws IOException {
        Set<String> arguments = Argument.all().stream().map(Argument::field).collect(Collectors.toSet());
        Set<String> rest = new TreeSet<>(fields());
        rest.removeAll(arguments);

        assertThat(leftOut()).containsExactlyInAnyOrderElementsOf(rest);
    }

    @Test
    void everyArgumentHasItsRow() throws IOException {
        List<String> rows = names(rows(0));

        assertThat(Argument.all()).allSatisfy(argument -> assertThat(rows).contains(argument.name()));
    }

    @Test
    void fromJsonKnowsEveryFieldThatIsLeftOut() throws IOException {
        assertThat(leftOut())
                .filteredOn(field -> !PART_OF_ANOTHER.contains(field) && !field.equals("use_cpu"))
                .allSatisfy(field ->
                        assertThat(HuggingFaceFields.initial(field)).as(field).isPresent());
    }

    @Test
    void whatThePageMarksPassesWithAnyValueAndNothingElseDoes() throws IOException {
        List<String> marked = names(rows(1).filter(cells -> cells[2].contains("✓")));
        JsonPrimitive odd = new JsonPrimitive("something odd");

        assertThat(leftOut())
                .filteredOn(field -> !PART_OF_ANOTHER.contains(field) && !field.equals("use_cpu"))
                .allSatisfy(field -> assertThat(HuggingFaceFields.saysNothing(field, odd))
                        .as(field)
                        .isEqualTo(marked.contains(field)));
    }

    private static Set<String> fields() throws IOException {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(
                        HuggingFaceFieldsTest.class.getResourceAsStream("/golden/training_arguments.json")),
                StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject().keySet();
        }
    }

    private static List<String> leftOut() throws IOException {
        return names(rows(1).filter(cells -> !cells[2].isBlank()));
    }

    /** The cells of each row of a table of the page, the first after an empty one. */
    private static Stream<String[]> rows(int table) throws IOException {
        assumeThat(PAGE).as("the pages of the repository").exists();
        String[] parts = Files.readString(PAGE).split("\n## (Methods|Left out, and why)\n");
        assertThat(parts).hasSize(3);
        return parts[2 * table].lines().filter(line -> line.startsWith("| `")).map(line -> line.split("\\|", -1));
    }

    private static List<String> names(Stream<String[]> rows) {
        return rows.flatMap(cells -> NAME.matcher(cells[1]).results())
                .map(found -> found.group(1))
                .toList();
    }
}
