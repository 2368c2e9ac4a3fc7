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

class AnswerF1Test {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#answers")
    void equalsTheScriptOfSquad(GoldenScores.Answered golden) {
        double found = measure(AnswerF1.of(), Stream.of(golden.outcome())).get("f1");

        assertEqualsGolden(found, golden.f1());
    }

    @Test
    void isTheMeanOverQuestions() {
        var golden = GoldenScores.answers().toList();
        double mean =
                golden.stream().mapToDouble(GoldenScores.Answered::f1).average().orElseThrow();

        double found = measure(AnswerF1.of(), golden.stream().map(GoldenScores.Answered::outcome))
                .get("f1");

        assertThat(found).isCloseTo(mean, within(1e-9)).isBetween(1.0, 99.0);
    }

    @Test
    void toAQuestionWithoutAnAnswerNoneIsRight() {
        assertThat(measure(AnswerF1.of(), Stream.of(outcome(List.of(), ""))).get("f1"))
                .isEqualTo(100);
        assertThat(measure(AnswerF1.of(), Stream.of(outcome(List.of(), "the"))).get("f1"))
                .isZero();
    }

    @Test
    void isNamedAsTheScriptNamesItAndMoreIsBetter() {
        assertThat(AnswerF1.of().name()).isEqualTo("f1");
        assertThat(AnswerF1.of().greaterIsBetter()).isTrue();
    }

    @Test
    void ofNothingIsNotANumber() {
        assertThat(measure(AnswerF1.of(), Stream.of()).get("f1")).isNaN();
    }
}
