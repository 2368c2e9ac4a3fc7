package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenScores.assertEqualsGolden;
import static io.bertfinetune.metric.GoldenScores.measure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AveragePrecisionTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#classifications")
    void equalsScikitLearn(GoldenScores.ScoredClassification golden) {
        double found = measure(AveragePrecision.of(golden.positive()), golden.outcomes().stream())
                .get("average_precision");

        assertEqualsGolden(found, golden.average_precision());
    }

    @Test
    void isNamedAsScikitLearnNamesItAndMoreIsBetter() {
        assertThat(AveragePrecision.of("a").name()).isEqualTo("average_precision");
        assertThat(AveragePrecision.of("a").greaterIsBetter()).isTrue();
    }

    @Test
    void partsCountedApartGiveTheSameNumber() {
        var golden = GoldenScores.classifications().toList().get(1);
        var outcomes = Collections.nCopies(20, golden.outcomes()).stream()
                .flatMap(List::stream)
                .toList();
        var metric = AveragePrecision.of(golden.positive());

        double apart = measure(metric, outcomes.parallelStream()).get("average_precision");

        assertThat(apart).isEqualTo(measure(metric, outcomes.stream()).get("average_precision"));
    }

    @Test
    void aPositiveLabelTheTaskDoesNotHaveIsRefused() {
        var outcome = GoldenMetrics.outcome(List.of("a", "b"), "a", "b");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(AveragePrecision.of("A"), Stream.of(outcome)))
                .withMessageContaining("'A'")
                .withMessageContaining("[a, b]");
    }

    @Test
    void aProbabilityThatIsNotANumberIsPassedOn() {
        var unknown = new Classification("a", Map.of("a", Double.NaN, "b", Double.NaN));
        var outcomes = Stream.of(
                new Outcome<>(Example.of("a text", "b"), unknown), GoldenMetrics.outcome(List.of("a", "b"), "a", "a"));

        assertThat(measure(AveragePrecision.of("a"), outcomes).get("average_precision"))
                .isNaN();
    }

    @Test
    void ofNothingIsZero() {
        assertThat(measure(AveragePrecision.of("a"), Stream.of()).get("average_precision"))
                .isZero();
    }
}
