package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenMetrics.assertEqualsScikitLearn;
import static io.bertfinetune.metric.GoldenMetrics.measure;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AccuracyTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenMetrics#cases")
    void equalsScikitLearn(GoldenMetrics.Case golden) {
        assertEqualsScikitLearn(golden, "accuracy", Accuracy.of());
    }

    @Test
    void isNamedAsHuggingFaceNamesItAndMoreIsBetter() {
        assertThat(Accuracy.of().name()).isEqualTo("accuracy");
        assertThat(Accuracy.of().greaterIsBetter()).isTrue();
    }

    @Test
    void partsCountedApartGiveTheSameNumber() {
        List<String> labels = List.of("no", "yes");
        var outcomes = Stream.of("no", "yes", "yes", "no", "yes", "yes", "yes")
                .map(truth -> GoldenMetrics.outcome(labels, truth, "yes"))
                .toList();

        double together = measure(Accuracy.of(), outcomes.stream()).get("accuracy");
        double apart = measure(Accuracy.of(), outcomes.parallelStream()).get("accuracy");

        assertThat(apart).isEqualTo(together).isEqualTo(5 / 7.0);
    }

    @Test
    void ofNothingIsZero() {
        assertThat(measure(Accuracy.of(), Stream.of()).get("accuracy")).isZero();
    }
}
