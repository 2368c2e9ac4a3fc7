package io.bertfinetune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceTest {
    @ParameterizedTest
    @EnumSource
    void withoutABackendNoPrecisionIsSupported(Precision precision) {
        assertThat(Device.cpu().supports(precision)).isFalse();
        assertThat(Device.cpu().missingFor(precision))
                .contains("nothing on the class path can run a model; add the dependency"
                        + " io.bertfinetune:bert-finetune-ort");
    }

    @Test
    void theTextIsPyTorchs() {
        assertThat(Device.auto()).hasToString("auto");
        assertThat(Device.cpu()).hasToString("cpu");
        assertThat(Device.cuda(1)).hasToString("cuda:1");
    }

    @Test
    void numbersBeginAtZero() {
        assertThatThrownBy(() -> Device.cuda(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Device: index is -1, expected 0 or more");
    }
}
