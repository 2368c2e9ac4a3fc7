package io.bertfinetune.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HalvingTest {
    @Test
    void roundsGrowByEtaUpToTheMost() {
        assertThat(Halving.epochs(1, 9).budgets()).containsExactly(1.0, 3.0, 9.0);
        assertThat(Halving.epochs(1, 10).eta(2).budgets()).containsExactly(1.25, 2.5, 5.0, 10.0);
        assertThat(Halving.steps(50, 400).eta(2).budgets()).containsExactly(50.0, 100.0, 200.0, 400.0);
        assertThat(Halving.steps(10, 100).budgets()).containsExactly(11.0, 33.0, 100.0);
        assertThat(Halving.epochs(0.1, 0.9).budgets()).hasSize(3);
        assertThat(Halving.epochs(4, 4).budgets()).containsExactly(4.0);
    }

    @Test
    void oneOfEtaGoesOnAndAlwaysOne() {
        assertThat(Halving.epochs(1, 9).survivors(27)).isEqualTo(9);
        assertThat(Halving.epochs(1, 9).survivors(8)).isEqualTo(2);
        assertThat(Halving.epochs(1, 9).survivors(2)).isEqualTo(1);
    }

    @Test
    void roundsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Halving.epochs(9, 1))
                .withMessage("Halving: the least budget is 9.0 and the most 1.0, expected 0 < least <= most");
        assertThatIllegalArgumentException().isThrownBy(() -> Halving.steps(0, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> Halving.epochs(1, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Halving.epochs(1, 9).eta(1))
                .withMessage("Halving: eta is 1, expected 2 or more");
    }
}
