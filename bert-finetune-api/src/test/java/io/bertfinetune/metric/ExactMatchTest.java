package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenScores.assertEqualsGolden;
import static io.bertfinetune.metric.GoldenScores.measure;
import static io.bertfinetune.metric.GoldenScores.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExactMatchTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#answers")
    void equalsTheScriptOfSquad(GoldenScores.Answered golden) {
        double found = measure(ExactMatch.of(), Stream.of(golden.outcome())).get("exact_match");

        assertEqualsGolden(found, golden.exact_match());
    }

    @Test
    void isTheMeanOverQuestions() {
        var golden = GoldenScores.answers().toList();
        double mean = golden.stream()
                .mapToDouble(GoldenScores.Answered::exact_match)
                .average()
                .orElseThrow();

        double found = measure(ExactMatch.of(), golden.stream().map(GoldenScores.Answered::outcome))
                .get("exact_match");

        assertThat(found).isCloseTo(mean, within(1e-9)).isBetween(1.0, 99.0);
    }

    @Test
    void toAQuestionWithoutAnAnswerNoneIsRight() {
        assertThat(measure(ExactMatch.of(), Stream.of(outcome(List.of(), ""))).get("exact_match"))
                .isEqualTo(100);
        assertThat(measure(ExactMatch.of(), Stream.of(outcome(List.of(), "the")))
                        .get("exact_match"))
                .isZero();
    }

    @Test
    void isNamedAsTheScriptNamesItAndMoreIsBetter() {
        assertThat(ExactMatch.of().name()).isEqualTo("exact_match");
        assertThat(ExactMatch.of().greaterIsBetter()).isTrue();
    }

    @Test
    void ofNothingIsNotANumber() {
        assertThat(measure(ExactMatch.of(), Stream.of()).get("exact_match")).isNaN();
    }
}
