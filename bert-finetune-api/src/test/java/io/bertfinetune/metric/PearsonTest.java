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

class PearsonTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#regressions")
    void equalsSciPy(GoldenScores.Regression golden) {
        double found = measure(Pearson.of(), golden.outcomes().stream()).get("pearson");

        assertEqualsGolden(found, golden.pearson());
    }

    @Test
    void isNamedAsGlueNamesItAndMoreIsBetter() {
        assertThat(Pearson.of().name()).isEqualTo("pearson");
        assertThat(Pearson.of().greaterIsBetter()).isTrue();
    }

    @Test
    void partsCountedApartGiveTheSameNumber() {
        var outcomes = IntStream.range(0, 500)
                .mapToObj(i -> outcome(1000 + i % 37, 1000 + i * 7 % 41))
                .toList();

        double together = measure(Pearson.of(), outcomes.stream()).get("pearson");
        double apart = measure(Pearson.of(), outcomes.parallelStream()).get("pearson");

        assertThat(apart).isCloseTo(together, within(1e-9));
    }

    @Test
    void ofNothingIsNotANumber() {
        assertThat(measure(Pearson.of(), Stream.of()).get("pearson")).isNaN();
    }

    @Test
    void notANumberIsPassedOn() {
        var outcomes = Stream.of(outcome(1, 1), outcome(2, Double.NaN), outcome(3, 2));

        assertThat(measure(Pearson.of(), outcomes).get("pearson")).isNaN();
    }

    @Test
    void numbersFarFromZeroLoseNoDigits() {
        var near = IntStream.range(0, 1000).mapToObj(i -> outcome(i % 7, i % 5));
        var far = IntStream.range(0, 1000).mapToObj(i -> outcome(1e12 + i % 7, 1e12 + i % 5));

        double expected = measure(Pearson.of(), near).get("pearson");

        assertThat(measure(Pearson.of(), far).get("pearson")).isCloseTo(expected, within(1e-12));
    }

    @Test
    void aLineIsNeverMoreThanOne() {
        for (int size = 2; size < 200; size++) {
            var line = IntStream.range(0, size).mapToObj(i -> outcome(i / 3.0, 0.1 * i));

            assertThat(measure(Pearson.of(), line).get("pearson")).isBetween(1 - 1e-12, 1.0);
        }
    }
}
