package io.bertfinetune.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SummaryTest {
    /** The numbers are scipy's: {@code std(ddof=1)} and {@code t.interval(.95, 4, mean, sem)}. */
    @Test
    void meanDeviationAndIntervalAreScipys() {
        Summary summary = Summary.of(0.80, 0.82, 0.85, 0.79, 0.84);

        assertThat(summary.count()).isEqualTo(5);
        assertThat(summary.mean()).isCloseTo(0.82, within(1e-12));
        assertThat(summary.standardDeviation()).isCloseTo(0.025495097567963892, within(1e-12));
        assertThat(summary.low()).isCloseTo(0.7883436552191669, within(1e-9));
        assertThat(summary.high()).isCloseTo(0.8516563447808332, within(1e-9));
        assertThat(summary).hasToString("0.8200, standard deviation 0.0255, 95 % interval 0.7883 to 0.8517");
    }

    @Test
    void equalValuesHaveNoSpread() {
        assertThat(Summary.of(0.5, 0.5)).isEqualTo(new Summary(2, 0.5, 0, 0.5, 0.5));
    }

    @Test
    void oneValueSaysNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Summary.of(0.5))
                .withMessageStartingWith("Summary: 1 values, expected two or more");
    }
}
