package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdafactorTest {
    @Test
    void aMatrixKeepsANumberForEachRowAndColumn() {
        DoubleParameter matrix = new DoubleParameter(new ParameterInfo("weight", List.of(2, 3)), 0, new double[6]);

        matrix.step(Adafactor.defaults(), 0.1, 1, 1, 2, 3, 4, 5, 6);

        assertThat(matrix.stateShapes()).containsOnlyKeys("exp_avg_sq_row", "exp_avg_sq_col");
        assertThat(matrix.stateShapes().get("exp_avg_sq_row")).containsExactly(2, 1);
        assertThat(matrix.stateShapes().get("exp_avg_sq_col")).containsExactly(1, 3);
    }

    @Test
    void aStepIsNoLongerThanTheThresholdWhateverTheGradient() {
        DoubleParameter bias = new DoubleParameter(new ParameterInfo("bias", List.of(2)), 0, 0, 0);
        Adafactor half = new Adafactor(1e-30, 0.5, -0.8);

        bias.step(half, 0.1, 1, 1e6, -1e6);

        assertThat(bias.numbers()).containsExactly(new double[] {-0.05, 0.05}, within(1e-12));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Adafactor(0, 1, -0.8))
                .hasMessage("Adafactor: epsilon is 0.0, expected a number above 0");
        assertThatThrownBy(() -> new Adafactor(1e-30, Double.POSITIVE_INFINITY, -0.8))
                .hasMessageContaining("clipThreshold");
        assertThatThrownBy(() -> new Adafactor(1e-30, 1, 0.8))
                .hasMessageContaining("decayRate is 0.8, expected a number below 0");
    }
}
