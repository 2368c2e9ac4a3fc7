package io.bertfinetune.ort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.error.ModelFormatException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same verdicts as the reference reader, on its own test files and more; see NOTICE.md beside them. */
@Timeout(20) // so that a reader that hangs fails
class SafeTensorsNegativeTest {
    /** What the reference reader lets pass and this one does not. */
    private static final String DUPLICATE_NAME = "d_duplicate_tensor_name";

    /** The reference reader's errors, and words of the messages here that say the same. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "HeaderTooSmall", List.of("begins with 8 that hold the length"),
            "HeaderTooLarge", List.of("at most 100000000 are allowed"),
            "InvalidHeaderLength", List.of("the header claims", "it is cut off"),
            "InvalidHeader", List.of("the header is not UTF-8"),
            "InvalidHeaderDeserialization", List.of("header"),
            "InvalidOffset", List.of("expected it to begin at"),
            "ValidationOverflow", List.of("is too large"),
            "MisalignedSlice", List.of("no whole number of bytes"),
            "TensorInvalidInfo", List.of("its data_offsets say"),
            "MetadataIncompleteBuffer", List.of("after the header; it is cut off or damaged"));

    private record Case(String name, Optional<String> error) {
        @Override
        public String toString() {
            return name + " " + error.orElse("accepted");
        }
    }

    private static Stream<Case> cases() throws IOException {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(
                        SafeTensorsNegativeTest.class.getResourceAsStream("/safetensors_negative/cases.json")),
                StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("cases").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(SafeTensorsNegativeTest::parse);
        }
    }

    private static Case parse(JsonObject json) {
        JsonElement error = json.get("expected");
        return new Case(
                json.get("name").getAsString(),
                error == null || error.isJsonNull() ? Optional.empty() : Optional.of(error.getAsString()));
    }

    private static Path file(Case which) throws URISyntaxException {
        URL url = SafeTensorsNegativeTest.class.getResource(
                "/safetensors_negative/files/" + which.name() + ".safetensors");
        return Path.of(Objects.requireNonNull(url, which.name()).toURI());
    }

    @Test
    void allCasesAreHere() throws IOException {
        assertThat(cases()).hasSize(69);
        assertThat(cases().filter(c -> c.error().isEmpty())).hasSize(15);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void verdictIsThatOfTheReferenceReader(Case which) throws URISyntaxException {
        Path file = file(which);

        if (which.error().isEmpty() && !which.name().equals(DUPLICATE_NAME)) {
            assertThatCode(() -> SafeTensors.open(file).close()).doesNotThrowAnyException();
        } else {
            List<String> words = which.error().map(WORDS::get).orElse(List.of("twice"));
            assertThatThrownBy(() -> SafeTensors.open(file).close())
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining(file.getFileName().toString())
                    .hasMessageContainingAll(words.toArray(String[]::new));
        }
    }
}
