package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenScores.assertEqualsGolden;
import static io.bertfinetune.metric.GoldenScores.measure;
import static io.bertfinetune.metric.GoldenScores.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpearmanTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#regressions")
    void equalsSciPy(GoldenScores.Regression golden) {
        double found = measure(Spearman.of(), golden.outcomes().stream()).get("spearmanr");

        assertEqualsGolden(found, golden.spearmanr());
    }

    @Test
    void isNamedAsGlueNamesItAndMoreIsBetter() {
        assertThat(Spearman.of().name()).isEqualTo("spearmanr");
        assertThat(Spearman.of().greaterIsBetter()).isTrue();
    }

    @Test
    void partsCountedApartGiveTheSameNumber() {
        var outcomes = IntStream.range(0, 500)
                .mapToObj(i -> outcome(1000 + i % 37, 1000 + i * 7 % 41))
                .toList();

        double together = measure(Spearman.of(), outcomes.stream()).get("spearmanr");
        double apart = measure(Spearman.of(), outcomes.parallelStream()).get("spearmanr");

        assertThat(apart).isCloseTo(together, within(1e-9));
    }

    @Test
    void ofNothingIsNotANumber() {
        assertThat(measure(Spearman.of(), Stream.of()).get("spearmanr")).isNaN();
    }

    @Test
    void notANumberIsPassedOn() {
        var outcomes = Stream.of(outcome(1, 1), outcome(2, Double.NaN), outcome(3, 2));

        assertThat(measure(Spearman.of(), outcomes).get("spearmanr")).isNaN();
    }

    @Test
    void orderAloneCounts() {
        var outcomes = IntStream.range(1, 30).mapToObj(i -> outcome(i, Math.exp(i)));

        assertThat(measure(Spearman.of(), outcomes).get("spearmanr")).isCloseTo(1, within(1e-15));
    }

    @Test
    void infinityIsTheLastOfAll() {
        double infinite = Double.POSITIVE_INFINITY;
        var outcomes = Stream.of(outcome(1, -infinite), outcome(2, 0), outcome(3, infinite), outcome(3, infinite));

        assertThat(measure(Spearman.of(), outcomes).get("spearmanr")).isCloseTo(1, within(1e-15));
    }
}
