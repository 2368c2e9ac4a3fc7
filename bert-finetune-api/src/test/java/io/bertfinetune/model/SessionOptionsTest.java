package io.bertfinetune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.Sgd;
import org.junit.jupiter.api.Test;

class SessionOptionsTest {
    @Test
    void eachWordChangesItsOwnSettingAlone() {
        ParameterGroups groups = ParameterGroups.standard().headLearningRate(10);

        SessionOptions options = SessionOptions.of(Sgd.defaults())
                .seed(7)
                .labelSmoothingFactor(0.1)
                .parameterGroups(groups)
                .weightDecay(0.01);

        assertThat(options.optimizer()).isEqualTo(Sgd.defaults());
        assertThat(options.weightDecay()).isEqualTo(0.01);
        assertThat(options.parameterGroups()).isEqualTo(groups);
        assertThat(options.labelSmoothingFactor()).isEqualTo(0.1);
        assertThat(options.seed()).isEqualTo(7);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        SessionOptions options = SessionOptions.of(AdamW.defaults());

        assertThatThrownBy(() -> options.weightDecay(-1)).hasMessageContaining("weightDecay is -1.0");
        assertThatThrownBy(() -> options.labelSmoothingFactor(1))
                .hasMessage("labelSmoothingFactor is 1.0, expected 0 to below 1");
        assertThatThrownBy(() -> options.labelSmoothingFactor(-0.1)).hasMessageContaining("-0.1");
    }
}
