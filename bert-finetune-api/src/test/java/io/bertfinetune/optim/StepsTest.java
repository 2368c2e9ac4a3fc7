package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepsTest {
    @Test
    void aNumberIsThatNumberInEveryRun() {
        Steps steps = Steps.of(1);

        assertThat(steps.in(1000)).isEqualTo(1);
        assertThat(steps.in(10)).isEqualTo(1);
        assertThat(steps.isRatio()).isFalse();
        assertThat(steps.value()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 1000, 100", "0.1, 1001, 101", "0.5, 3, 2", "0, 1000, 0", "0.999, 10, 10", "0.1, 0, 0"})
    void aRatioIsRoundedUp(double ratio, long total, long expected) {
        assertThat(Steps.ratio(ratio).in(total)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void aRatioIsAtLeastZeroAndBelowOne(double ratio) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Steps.ratio(ratio))
                .withMessageContaining("ratio is " + ratio)
                .withMessageContaining("0 to below 1");
    }

    @Test
    void aNumberIsNotNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> Steps.of(-1)).withMessageContaining("-1");
    }

    @Test
    void aFractionIsNoNumberOfSteps() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Steps(0.5, false))
                .withMessageContaining("0.5");
    }

    @Test
    void saysWhatItIs() {
        assertThat(Steps.of(500)).hasToString("500 steps");
        assertThat(Steps.ratio(0.1)).hasToString("10.0 % of the steps");
    }
}
