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

class RecallTest {
    private static final List<String> LABELS = List.of("a", "b", "c");

    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenMetrics#cases")
    void equalsScikitLearn(GoldenMetrics.Case golden) {
        assertEqualsScikitLearn(golden, "recall_macro", Recall.macro());
        assertEqualsScikitLearn(golden, "recall_micro", Recall.micro());
        assertEqualsScikitLearn(golden, "recall_weighted", Recall.weighted());
        assertEqualsScikitLearn(golden, "recall_binary", Recall.of(golden.positive()));
    }

    @Test
    void averagesOverTheLabelsThatOccur() {
        var outcomes = Stream.of(outcome(LABELS, "a", "a"), outcome(LABELS, "b", "a"), outcome(LABELS, "b", "b"));

        // a 1, b 1/2, c does not occur
        assertThat(measure(Recall.macro(), outcomes).get("recall")).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void everyAverageHasTheSameNameAndMoreIsBetter() {
        assertThat(Stream.of(Recall.macro(), Recall.micro(), Recall.weighted(), Recall.of("a")))
                .allSatisfy(metric -> {
                    assertThat(metric.name()).isEqualTo("recall");
                    assertThat(metric.greaterIsBetter()).isTrue();
                });
    }

    @Test
    void aPositiveLabelTheTaskDoesNotHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(Recall.of("A"), Stream.of(outcome(LABELS, "a", "a"))))
                .withMessageContaining("'A'")
                .withMessageContaining("[a, b, c]");
    }

    @Test
    void ofNothingIsZero() {
        assertThat(Stream.of(Recall.macro(), Recall.micro(), Recall.weighted(), Recall.of("a")))
                .allSatisfy(metric ->
                        assertThat(measure(metric, Stream.of()).get("recall")).isZero());
    }
}
