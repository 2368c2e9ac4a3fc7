package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void quantilesAreInterpolated() {
        Spread spread = Spread.of(List.of(40.0, 10.0, 30.0, 20.0));

        assertThat(spread).isEqualTo(new Spread(10, 17.5, 25, 32.5, 40)); // numpy.quantile
        assertThat(spread.interquartile()).isEqualTo(15);
    }

    @Test
    void oneNumberIsEverything() {
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7, 7, 7));
    }

    @Test
    void noNumbersHaveNoSpread() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
    }
}
