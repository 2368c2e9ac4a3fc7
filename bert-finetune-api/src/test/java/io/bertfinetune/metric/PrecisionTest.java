package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenMetrics.assertEqualsScikitLearn;
import static io.bertfinetune.metric.GoldenMetrics.measure;
import static io.bertfinetune.metric.GoldenMetrics.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrecisionTest {
    private static final List<String> LABELS = List.of("a", "b", "c");

    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenMetrics#cases")
    void equalsScikitLearn(GoldenMetrics.Case golden) {
        assertEqualsScikitLearn(golden, "precision_macro", Precision.macro());
        assertEqualsScikitLearn(golden, "precision_micro", Precision.micro());
        assertEqualsScikitLearn(golden, "precision_weighted", Precision.weighted());
        assertEqualsScikitLearn(golden, "precision_binary", Precision.of(golden.positive()));
    }

    @Test
    void averagesOverTheLabelsThatOccur() {
        var outcomes = Stream.of(outcome(LABELS, "a", "a"), outcome(LABELS, "b", "a"), outcome(LABELS, "b", "b"));

        // a 1/2, b 1, c does not occur
        assertThat(measure(Precision.macro(), outcomes).get("precision")).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void everyAverageHasTheSameNameAndMoreIsBetter() {
        assertThat(Stream.of(Precision.macro(), Precision.micro(), Precision.weighted(), Precision.of("a")))
                .allSatisfy(metric -> {
                    assertThat(metric.name()).isEqualTo("precision");
                    assertThat(metric.greaterIsBetter()).isTrue();
                });
    }

    @Test
    void aPositiveLabelTheTaskDoesNotHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(Precision.of("A"), Stream.of(outcome(LABELS, "a", "a"))))
                .withMessageContaining("'A'")
                .withMessageContaining("[a, b, c]");
    }

    @Test
    void ofNothingIsZero() {
        assertThat(Stream.of(Precision.macro(), Precision.micro(), Precision.weighted(), Precision.of("a")))
                .allSatisfy(metric -> assertThat(measure(metric, Stream.of()).get("precision"))
                        .isZero());
    }
}
