package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SgdTest {
    private static final ParameterInfo BIAS = new ParameterInfo("bias", List.of(2));

    @Test
    void withoutMomentumThereIsNoState() {
        DoubleParameter parameter = new DoubleParameter(BIAS, 0, 1, 2);

        parameter.step(Sgd.defaults(), 0.5, 1, 2, -2);

        assertThat(parameter.numbers()).containsExactly(0, 3);
        assertThat(parameter.stateShapes()).isEmpty();
    }

    @Test
    void momentumGoesOnWithoutGradient() {
        DoubleParameter parameter = new DoubleParameter(BIAS, 0, 0, 0);

        parameter.step(new Sgd(0.5, false), 1, 1, 1, 2);
        parameter.step(new Sgd(0.5, false), 1, 2, 0, 0);

        assertThat(parameter.numbers()).containsExactly(-1.5, -3);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Sgd(1, false)).hasMessage("Sgd: momentum is 1.0, expected 0 to below 1");
        assertThatThrownBy(() -> new Sgd(-0.1, false)).hasMessageContaining("-0.1");
        assertThatThrownBy(() -> new Sgd(Double.NaN, false)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Sgd(0, true)).hasMessageContaining("nesterov");
    }
}
