package io.bertfinetune.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HyperparameterTest {
    private static <T> List<T> draws(Hyperparameter<T> hyperparameter, int count) {
        return IntStream.range(0, count)
                .mapToObj(trial -> hyperparameter.draw(42, trial))
                .toList();
    }

    @Test
    void logUniformDrawsEveryPowerOfTenAsOften() {
        List<Double> rates = draws(Hyperparameter.logUniform("learningRate", 1e-6, 1e-3), 3000);

        assertThat(rates).allSatisfy(rate -> assertThat(rate).isBetween(1e-6, 1e-3));
        assertThat(rates.stream().filter(rate -> rate < 1e-5).count()).isBetween(900L, 1100L);
        assertThat(rates.stream().filter(rate -> rate > 1e-4).count()).isBetween(900L, 1100L);
    }

    @Test
    void uniformDrawsTheWholeWidth() {
        List<Double> decays = draws(Hyperparameter.uniform("weightDecay", -1, 3), 3000);

        assertThat(decays).allSatisfy(decay -> assertThat(decay).isBetween(-1.0, 3.0));
        assertThat(decays.stream().mapToDouble(d -> d).average().orElseThrow()).isCloseTo(1, within(0.1));
    }

    @Test
    void intsIncludeBothEnds() {
        assertThat(draws(Hyperparameter.ints("numTrainEpochs", 1, 5), 200)).contains(1, 2, 3, 4, 5);
        assertThat(draws(Hyperparameter.ints("numTrainEpochs", 1, 5), 200))
                .allSatisfy(epochs -> assertThat(epochs).isBetween(1, 5));
        assertThat(draws(Hyperparameter.ints("n", Integer.MIN_VALUE, Integer.MAX_VALUE), 200))
                .anyMatch(n -> n < 0)
                .anyMatch(n -> n > 0);
    }

    @Test
    void choiceDrawsEachValue() {
        assertThat(draws(Hyperparameter.choice("schedule", "linear", "cosine", "constant"), 100))
                .contains("linear", "cosine", "constant");
    }

    /** The numbers are part of the contract: a search repeated on another version or machine tries the same values. */
    @Test
    void aDrawIsTheSameForever() {
        assertThat(draws(Hyperparameter.ints("numTrainEpochs", 1, 1000), 5)).containsExactly(742, 304, 991, 160, 295);
        assertThat(draws(Hyperparameter.logUniform("learningRate", 1e-6, 1e-4), 2))
                .containsExactly(8.682453353186029E-6, 1.7029735784362774E-6);
    }

    @Test
    void seedTrialAndNameEachChangeADraw() {
        Hyperparameter<Double> share = Hyperparameter.uniform("share", 0, 1);

        assertThat(List.of(
                        share.draw(1, 0),
                        share.draw(2, 0),
                        share.draw(1, 1),
                        Hyperparameter.uniform("other", 0, 1).draw(1, 0)))
                .doesNotHaveDuplicates();
    }

    @Test
    void boundsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hyperparameter.logUniform("learningRate", 0, 1))
                .withMessage("learningRate: low is 0.0 and high is 1.0, expected 0 < low < high");
        assertThatIllegalArgumentException().isThrownBy(() -> Hyperparameter.logUniform("r", 1, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Hyperparameter.uniform("share", 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Hyperparameter.ints("epochs", 5, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Hyperparameter.choice("none"));
        assertThatIllegalArgumentException().isThrownBy(() -> Hyperparameter.uniform(" ", 0, 1));
    }

    @Test
    void theTextTellsTheValues() {
        assertThat(Hyperparameter.choice("batch", 8, 16)).hasToString("batch choice[8, 16]");
    }
}
