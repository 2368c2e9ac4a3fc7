package io.bertfinetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.metric.Metrics;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
    private static final TrainerState STATE = TrainerState.builder()
            .metric("loss", false)
            .metric("accuracy", true)
            .metric("mse", false)
            .build();

    @Test
    void stopsAfterAsManyEvaluationsInARowThatWereNotBetter() {
        EarlyStopping stopping = EarlyStopping.patience(2);

        assertThat(stopsAt(stopping, "accuracy", 0.5, 0.4, 0.6, 0.6, 0.5, 0.9)).isEqualTo(5);
        assertThat(stopsAt(stopping, "accuracy", 0.5, 0.4, 0.6, 0.5, 0.7)).isZero();
    }

    @Test
    void slowGainsAddUpUntilTheyExceedTheThreshold() {
        EarlyStopping stopping = EarlyStopping.patience(2).threshold(0.1);

        // 0.06 above the last, 0.12 above the one that counted: Hugging Face's stops at the third
        assertThat(stopsAt(stopping, "accuracy", 0.50, 0.56, 0.62, 0.68, 0.74)).isZero();
        assertThat(stopsAt(stopping, "accuracy", 0.50, 0.56, 0.60, 0.90)).isEqualTo(3);
    }

    @Test
    void theMetricKnowsWhetherLessIsBetter() {
        assertThat(stopsAt(EarlyStopping.patience(1).metric("mse"), "mse", 3, 2, 1, 1.5))
                .isEqualTo(4);
        assertThat(stopsAt(EarlyStopping.patience(1).metric("loss"), "loss", 3, 2, 1, 1.5))
                .isEqualTo(4);
        assertThat(stopsAt(EarlyStopping.patience(1).metric("accuracy"), "accuracy", 3, 2))
                .isEqualTo(2);
    }

    @Test
    void unlessSaidTheFirstMetricIsJudgedOrTheLoss() {
        TrainerState lossOnly = TrainerState.builder().metric("loss", false).build();

        assertThat(STATE.metricForBestModel()).isEqualTo("accuracy");
        assertThat(stopsAt(EarlyStopping.patience(1), STATE, "accuracy", 1, 2, 1))
                .isEqualTo(3);
        assertThat(stopsAt(EarlyStopping.patience(1), lossOnly, "loss", 2, 1, 2))
                .isEqualTo(3);
    }

    @Test
    void thePrefixIsOptional() {
        assertThat(stopsAt(EarlyStopping.patience(1).metric("eval_mse"), "mse", 1, 2))
                .isEqualTo(2);
    }

    @Test
    void aNumberThatIsNoneIsNeverBetter() {
        EarlyStopping stopping = EarlyStopping.patience(2);

        assertThat(stopsAt(stopping, "accuracy", Double.NaN, Double.NaN)).isEqualTo(2);
        assertThat(stopsAt(stopping, "accuracy", 0.5, Double.NaN, 0.6, Double.NaN))
                .isZero();
    }

    @Test
    void evaluationsOfOtherDataAreNotCounted() {
        assertThat(stopsAt(EarlyStopping.patience(1), "hard_accuracy", 0.5, 0.4, 0.3))
                .isZero();
    }

    @Test
    void everyRunBeginsAnew() {
        EarlyStopping stopping = EarlyStopping.patience(1);

        assertThat(stopsAt(stopping, "accuracy", 0.9, 0.8)).isEqualTo(2);
        assertThat(stopsAt(stopping, "accuracy", 0.5, 0.6)).isZero();
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> EarlyStopping.patience(0)).hasMessageContaining("patience is 0");
        assertThatThrownBy(() -> EarlyStopping.patience(1).threshold(-1)).hasMessageContaining("threshold is -1");
        assertThatThrownBy(() -> EarlyStopping.patience(1).threshold(Double.NaN))
                .hasMessageContaining("threshold");
    }

    @Test
    void aMetricNobodyReportsIsRefusedWhenTheTrainerIsBuilt() {
        EarlyStopping stopping = EarlyStopping.patience(1).metric("f1");

        assertThatThrownBy(() -> stopping.onInitEnd(STATE, new Stops()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'f1'")
                .hasMessageContaining("[loss, accuracy, mse]");
    }

    private static int stopsAt(EarlyStopping stopping, String metric, double... values) {
        return stopsAt(stopping, STATE, metric, values);
    }

    /** The evaluation, from 1, after which the run was asked to stop; 0 for none. */
    private static int stopsAt(EarlyStopping stopping, TrainerState state, String metric, double... values) {
        Stops control = new Stops();
        stopping.onInitEnd(state, control);
        stopping.onTrainBegin(state, control);
        for (int i = 0; i < values.length; i++) {
            stopping.onEvaluate(state, control, Metrics.of("eval_" + metric, values[i]));
            if (control.asked) {
                return i + 1;
            }
        }
        return 0;
    }

    private static final class Stops implements TrainerControl {
        private boolean asked;

        @Override
        public void stopTraining() {
            asked = true;
        }

        @Override
        public void stopEpoch() {}

        @Override
        public void log() {}

        @Override
        public void evaluate() {}

        @Override
        public void save() {}
    }
}
