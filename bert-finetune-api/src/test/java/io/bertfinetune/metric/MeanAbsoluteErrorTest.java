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

class MeanAbsoluteErrorTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#regressions")
    void equalsScikitLearn(GoldenScores.Regression golden) {
        double found =
                measure(MeanAbsoluteError.of(), golden.outcomes().stream()).get("mae");

        assertEqualsGolden(found, golden.mae());
    }

    @Test
    void isNamedAsHuggingFaceNamesItAndLessIsBetter() {
        assertThat(MeanAbsoluteError.of().name()).isEqualTo("mae");
        assertThat(MeanAbsoluteError.of().greaterIsBetter()).isFalse();
    }

    @Test
    void partsCountedApartGiveTheSameNumber() {
        var outcomes = IntStream.range(0, 500)
                .mapToObj(i -> outcome(1000 + i % 37, 1000 + i * 7 % 41))
                .toList();

        double together = measure(MeanAbsoluteError.of(), outcomes.stream()).get("mae");
        double apart =
                measure(MeanAbsoluteError.of(), outcomes.parallelStream()).get("mae");

        assertThat(apart).isCloseTo(together, within(1e-9));
    }

    @Test
    void ofNothingIsNotANumber() {
        assertThat(measure(MeanAbsoluteError.of(), Stream.of()).get("mae")).isNaN();
    }

    @Test
    void notANumberIsPassedOn() {
        var outcomes = Stream.of(outcome(1, 1), outcome(2, Double.NaN), outcome(3, 2));

        assertThat(measure(MeanAbsoluteError.of(), outcomes).get("mae")).isNaN();
    }
}
