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

class MeanSquaredErrorTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#regressions")
    void equalsScikitLearn(GoldenScores.Regression golden) {
        double found =
                measure(MeanSquaredError.of(), golden.outcomes().stream()).get("mse");

        assertEqualsGolden(found, golden.mse());
    }

    @Test
    void isNamedAsHuggingFaceNamesItAndLessIsBetter() {
        assertThat(MeanSquaredError.of().name()).isEqualTo("mse");
        assertThat(MeanSquaredError.of().greaterIsBetter()).isFalse();
    }

    @Test
    void partsCountedApartGiveTheSameNumber() {
        var outcomes = IntStream.range(0, 500)
                .mapToObj(i -> outcome(1000 + i % 37, 1000 + i * 7 % 41))
                .toList();

        double together = measure(MeanSquaredError.of(), outcomes.stream()).get("mse");
        double apart = measure(MeanSquaredError.of(), outcomes.parallelStream()).get("mse");

        assertThat(apart).isCloseTo(together, within(1e-9));
    }

    @Test
    void ofNothingIsNotANumber() {
        assertThat(measure(MeanSquaredError.of(), Stream.of()).get("mse")).isNaN();
    }

    @Test
    void notANumberIsPassedOn() {
        var outcomes = Stream.of(outcome(1, 1), outcome(2, Double.NaN), outcome(3, 2));

        assertThat(measure(MeanSquaredError.of(), outcomes).get("mse")).isNaN();
    }
}
