package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "10, 0", "20, 0", "60, 0.5", "100, 1", "120, 1"})
    void shareAfterWarmupGoesFromZeroToOne(long step, double share) {
        Progress progress = Progress.at(step, 100).warmup(Steps.of(20));

        assertThat(progress.afterWarmup()).isEqualTo(share);
    }

    @Test
    void aRatioOfWarmupIsOfTheWholeRun() {
        assertThat(Progress.at(0, 101).warmup(Steps.ratio(0.1)).warmupSteps()).isEqualTo(11);
    }

    @Test
    void settingsKeepEachOther() {
        Progress progress = Progress.at(3, 100).warmup(Steps.of(20)).baseLearningRate(2e-5);

        assertThat(progress.step()).isEqualTo(3);
        assertThat(progress.totalSteps()).isEqualTo(100);
        assertThat(progress.warmupSteps()).isEqualTo(20);
        assertThat(progress.baseLearningRate()).isEqualTo(2e-5);
        assertThat(progress).hasToString("step 3 of 100, 20 of warm-up");
    }

    @Test
    void aRunOfNoStepsIsNotDivided() {
        assertThat(Progress.at(0, 0).afterWarmup()).isZero();
    }

    @Test
    void learningRateIsAskedForOnlyIfSet() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Progress.at(0, 1).baseLearningRate())
                .withMessageContaining("Progress.baseLearningRate");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void learningRateIsAboveZero(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Progress.at(0, 1).baseLearningRate(rate))
                .withMessageContaining(String.valueOf(rate));
    }

    @Test
    void stepsAreNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Progress.at(-1, 10))
                .withMessageContaining("-1 of 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Progress.at(0, -10))
                .withMessageContaining("0 of -10");
    }
}
