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

class F1Test {
    private static final List<String> LABELS = List.of("a", "b", "c");

    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenMetrics#cases")
    void equalsScikitLearn(GoldenMetrics.Case golden) {
        assertEqualsScikitLearn(golden, "f1_macro", F1.macro());
        assertEqualsScikitLearn(golden, "f1_micro", F1.micro());
        assertEqualsScikitLearn(golden, "f1_weighted", F1.weighted());
        assertEqualsScikitLearn(golden, "f1_binary", F1.of(golden.positive()));
    }

    @Test
    void averagesOverTheLabelsThatOccur() {
        var outcomes = Stream.of(outcome(LABELS, "a", "a"), outcome(LABELS, "b", "a"), outcome(LABELS, "b", "b"));

        // a 2/3, b 2/3, c does not occur
        assertThat(measure(F1.macro(), outcomes).get("f1")).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void everyAverageHasTheSameNameAndMoreIsBetter() {
        assertThat(Stream.of(F1.macro(), F1.micro(), F1.weighted(), F1.of("a"))).allSatisfy(metric -> {
            assertThat(metric.name()).isEqualTo("f1");
            assertThat(metric.greaterIsBetter()).isTrue();
        });
    }

    @Test
    void aPositiveLabelTheTaskDoesNotHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(F1.of("A"), Stream.of(outcome(LABELS, "a", "a"))))
                .withMessageContaining("'A'")
                .withMessageContaining("[a, b, c]");
    }

    @Test
    void ofNothingIsZero() {
        assertThat(Stream.of(F1.macro(), F1.micro(), F1.weighted(), F1.of("a")))
                .allSatisfy(metric ->
                        assertThat(measure(metric, Stream.of()).get("f1")).isZero());
    }
}
