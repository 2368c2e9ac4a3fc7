package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.prediction.Classification;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptMetricsTest {
    private static Outcome<Example<String, String>, Classification> outcome(String truth, String prediction) {
        return new Outcome<>(
                Example.of("a text", truth), new Classification(prediction, Map.of("no", 0.5, "yes", 0.5)));
    }

    private static double measure(String name, List<String> labels) {
        return Stream.of(outcome("yes", "yes"), outcome("no", "yes"), outcome("no", "no"), outcome("no", "no"))
                .collect(ScriptMetrics.of(name, labels).collector())
                .get(name);
    }

    /** By hand: of "yes" precision is 1/2 and recall 1, of "no" 1 and 2/3. */
    @ParameterizedTest
    @CsvSource({
        "accuracy, 0.75, 0.75",
        "precision, 0.5, 0.75",
        "recall, 1.0, 0.833333",
        "f1, 0.666667, 0.733333",
        "matthews_correlation, 0.577350, 0.577350"
    })
    void ofTwoLabelsTheSecondCountsAndOfMoreTheMean(String name, double ofTwo, double ofMore) {
        assertThat(measure(name, List.of("yes", "no"))).isCloseTo(ofTwo, within(1e-6));
        assertThat(measure(name, List.of("maybe", "no", "yes"))).isCloseTo(ofMore, within(1e-6));
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> ScriptMetrics.of("bleu", List.of("no", "yes")))
                .withMessage(
                        "--metric_name is 'bleu', expected accuracy, f1, precision, recall or matthews_correlation");
    }
}
