package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenMetrics.assertEqualsScikitLearn;
import static io.bertfinetune.metric.GoldenMetrics.measure;
import static io.bertfinetune.metric.GoldenMetrics.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MatthewsCorrelationTest {
    private static final List<String> LABELS = List.of("a", "b", "c");

    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenMetrics#cases")
    void equalsScikitLearn(GoldenMetrics.Case golden) {
        assertEqualsScikitLearn(golden, "matthews_correlation", MatthewsCorrelation.of());
    }

    @Test
    void isNamedAsHuggingFaceNamesItAndMoreIsBetter() {
        assertThat(MatthewsCorrelation.of().name()).isEqualTo("matthews_correlation");
        assertThat(MatthewsCorrelation.of().greaterIsBetter()).isTrue();
    }

    @Test
    void perfectIsExactlyOne() {
        Metrics metrics = measure(MatthewsCorrelation.of(), LABELS.stream().map(l -> outcome(LABELS, l, l)));

        assertThat(metrics.get("matthews_correlation")).isEqualTo(1);
    }

    @Test
    void ofNothingIsZero() {
        assertThat(measure(MatthewsCorrelation.of(), Stream.of()).get("matthews_correlation"))
                .isZero();
    }
}
