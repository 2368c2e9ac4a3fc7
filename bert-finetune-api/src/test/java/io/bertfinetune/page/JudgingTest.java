package io.bertfinetune.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.page.Judgement.Cell;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JudgingTest {
    /** An outcome of the labels a and b, with this probability of b. */
    private static Outcome<Example<Text, String>, Classification> outcome(String text, String truth, double b) {
        Map<String, Double> probabilities = new LinkedHashMap<>();
        probabilities.put("a", 1 - b);
        probabilities.put("b", b);
        return new Outcome<>(Example.of(Text.of(text), truth), new Classification(b > 0.5 ? "b" : "a", probabilities));
    }

    @Test
    void countsStandInTheRowOfTheTruthAndTheColumnOfThePrediction() {
        Judging judging = new Judging(9);
        judging.add(0, outcome("one", "b", 0.4));
        judging.add(1, outcome("two", "b", 0.9));
        judging.add(2, outcome("three", "b", 0.8));
        judging.add(3, outcome("four", "a", 0.1));

        Judgement judgement = judging.judgement("eval", 7);

        assertThat(judgement.labels()).containsExactly("a", "b");
        assertThat(judgement.cells()).containsExactly(new Cell(0, 0, 1), new Cell(1, 0, 1), new Cell(1, 1, 2));
        assertThat(judgement.step()).isEqualTo(7);
    }

    @Test
    void theMistakesOfHighestLossAreKeptWorstFirst() {
        Judging judging = new Judging(2);
        judging.add(0, outcome("mild", "b", 0.4));
        judging.add(1, outcome("worst", "a", 0.99));
        judging.add(2, outcome("right", "a", 0.01));
        judging.add(3, outcome("bad", "b", 0.1));

        assertThat(judging.judgement("eval", 0).mistakes())
                .containsExactly(
                        new Mistake(1, "worst", "a", "b", 0.99, 1 - 0.99), new Mistake(3, "bad", "b", "a", 0.9, 0.1));
    }

    @Test
    void ofEqualMistakesTheFirstIsKept() {
        Judging judging = new Judging(1);
        judging.add(0, outcome("first", "b", 0.2));
        judging.add(1, outcome("second", "b", 0.2));

        assertThat(judging.judgement("eval", 0).mistakes())
                .extracting(Mistake::text)
                .containsExactly("first");
    }

    @Test
    void withoutMistakesAskedForNoTextIsKept() {
        Judging judging = new Judging(0);
        judging.add(0, outcome("secret", "b", 0.2));

        assertThat(judging.judgement("eval", 0).mistakes()).isEmpty();
        assertThat(judging.judgement("eval", 0).cells()).containsExactly(new Cell(1, 0, 1));
    }

    @Test
    void whatIsKeptGrowsWithTheDecisionsNotWithTheSquareOfTheLabels() {
        Judging judging = new Judging(0);
        Map<String, Double> probabilities = new LinkedHashMap<>();
        IntStream.range(0, 5000).forEach(label -> probabilities.put("label " + label, 1 / 5000.0));
        judging.add(
                0,
                new Outcome<>(Example.of(Text.of("one"), "label 4999"), new Classification("label 7", probabilities)));

        Judgement judgement = judging.judgement("eval", 0);

        assertThat(judgement.labels()).hasSize(5000);
        assertThat(judgement.cells()).containsExactly(new Cell(4999, 7, 1));
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        Judging judging = new Judging(1);
        judging.add(0, outcome("x".repeat(999) + "😀" + "y".repeat(999), "b", 0.2));

        assertThat(judging.judgement("eval", 0).mistakes().get(0).text()).isEqualTo("x".repeat(999) + "…");
    }

    @Test
    void bothTextsOfAPairAreShown() {
        Judging judging = new Judging(1);
        Classification wrong = new Classification("a", Map.of("a", 0.8, "b", 0.2));
        judging.add(0, new Outcome<>(Example.of(Text.pair("premise", "hypothesis"), "b"), wrong));

        assertThat(judging.judgement("eval", 0).mistakes().get(0).text()).isEqualTo("premise\nhypothesis");
    }

    @Test
    void whatIsNoClassificationIsLetPass() {
        Judging judging = new Judging(1);
        judging.add(0, new Outcome<>(Example.of(Text.of("warm"), 21.5), 19.0));
        judging.add(1, new Outcome<>("no example", "no prediction"));

        assertThat(judging.isEmpty()).isTrue();
    }
}
