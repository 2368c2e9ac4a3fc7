package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenScores.assertEqualsGolden;
import static io.bertfinetune.metric.GoldenScores.measure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RocAucTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#classifications")
    void equalsScikitLearn(GoldenScores.ScoredClassification golden) {
        double one = measure(RocAuc.of(golden.positive()), golden.outcomes().stream())
                .get("roc_auc");
        double macro = measure(RocAuc.macro(), golden.outcomes().stream()).get("roc_auc");

        assertEqualsGolden(one, golden.roc_auc());
        assertEqualsGolden(macro, golden.roc_auc_macro());
    }

    @Test
    void isNamedAsHuggingFaceNamesItAndMoreIsBetter() {
        assertThat(Stream.of(RocAuc.macro(), RocAuc.of("a"))).allSatisfy(metric -> {
            assertThat(metric.name()).isEqualTo("roc_auc");
            assertThat(metric.greaterIsBetter()).isTrue();
        });
    }

    @Test
    void equalProbabilitiesAreChance() {
        var same = new Classification("yes", Map.of("no", 0.4, "yes", 0.6));
        var outcomes = Stream.of("yes", "no", "no", "yes", "no").map(t -> new Outcome<>(Example.of("a text", t), same));

        assertThat(measure(RocAuc.of("yes"), outcomes).get("roc_auc")).isEqualTo(0.5);
    }

    @Test
    void partsCountedApartGiveTheSameNumber() {
        var golden = GoldenScores.classifications().toList().get(5);
        var outcomes = Collections.nCopies(20, golden.outcomes()).stream()
                .flatMap(List::stream)
                .toList();

        for (RocAuc metric : List.of(RocAuc.macro(), RocAuc.of(golden.positive()))) {
            double together = measure(metric, outcomes.stream()).get("roc_auc");
            double apart = measure(metric, outcomes.parallelStream()).get("roc_auc");

            assertThat(apart).isCloseTo(together, within(1e-12));
        }
    }

    @Test
    void aPositiveLabelTheTaskDoesNotHaveIsRefused() {
        var outcome = GoldenMetrics.outcome(List.of("a", "b"), "a", "b");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(RocAuc.of("A"), Stream.of(outcome)))
                .withMessage("positive label 'A' is not a label of the task; there are [a, b]");
    }

    @Test
    void aProbabilityThatIsNotANumberIsPassedOn() {
        var unknown = new Classification("a", Map.of("a", Double.NaN, "b", Double.NaN));
        var outcomes = Stream.of(
                new Outcome<>(Example.of("a text", "a"), unknown), GoldenMetrics.outcome(List.of("a", "b"), "b", "b"));

        assertThat(measure(RocAuc.of("a"), outcomes).get("roc_auc")).isNaN();
    }

    @Test
    void ofNothingIsNotANumber() {
        assertThat(measure(RocAuc.macro(), Stream.of()).get("roc_auc")).isNaN();
        assertThat(measure(RocAuc.of("a"), Stream.of()).get("roc_auc")).isNaN();
    }
}
