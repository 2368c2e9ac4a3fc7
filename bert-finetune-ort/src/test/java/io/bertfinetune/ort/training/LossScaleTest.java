package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.ort.engine.ReferenceEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PyTorch's {@code GradScaler} with its defaults. */
class LossScaleTest {
    private final LossScale scale = new LossScale(new ReferenceEngine());

    @AfterEach
    void close() {
        scale.close();
    }

    @Test
    void itBeginsWithTwoToTheSixteenth() {
        assertThat(scale.factor()).isEqualTo(65_536);
    }

    @Test
    void anOverflowHalvesIt() {
        scale.stepped(true);
        scale.stepped(true);

        assertThat(scale.factor()).isEqualTo(16_384);
    }

    @Test
    void twoThousandGoodStepsInARowDoubleIt() {
        good(1_999);
        assertThat(scale.factor()).isEqualTo(65_536);

        good(1);
        assertThat(scale.factor()).isEqualTo(131_072);

        good(1_999);
        scale.stepped(true);
        good(1_999);
        assertThat(scale.factor()).isEqualTo(65_536);

        good(1);
        assertThat(scale.factor()).isEqualTo(131_072);
    }

    @Test
    void whatWasLeftOutIsCounted() {
        scale.stepped(true);
        good(2_000);
        scale.stepped(true);
        good(1);

        assertThat(scale.skipped()).isEqualTo(2);
    }

    @Test
    void theGraphReadsTheSameNumber() {
        scale.stepped(true);

        assertThat(ParameterStore.numbers(scale.tensor()).get(0)).isEqualTo(32_768);
        assertThat(scale.tensor().shape()).isEmpty();
    }

    private void good(int steps) {
        for (int i = 0; i < steps; i++) {
            scale.stepped(false);
        }
    }
}
