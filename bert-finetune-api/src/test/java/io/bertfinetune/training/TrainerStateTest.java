package io.bertfinetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.metric.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TrainerStateTest {
    private static final TrainerState STATE = TrainerState.builder()
            .epoch(1.5)
            .globalStep(30)
            .maxSteps(60)
            .numTrainEpochs(3)
            .trainBatchSize(8)
            .loggingSteps(5)
            .evalSteps(10)
            .examplesSeen(240)
            .bestMetric(0.8)
            .bestGlobalStep(20)
            .runName("cola")
            .metric("loss", false)
            .metric("accuracy", true)
            .log(Metrics.of("loss", 0.5))
            .build();

    @Test
    void aChangedStateKeepsEverythingElse() {
        TrainerState next = STATE.toBuilder().globalStep(31).build();

        assertThat(next).usingRecursiveComparison().ignoringFields("globalStep").isEqualTo(STATE);
        assertThat(next.globalStep()).isEqualTo(31);
        assertThat(STATE.globalStep()).isEqualTo(30);
    }

    @Test
    void aLogEntryIsAddedToTheNewStateAlone() {
        TrainerState next = STATE.toBuilder().log(Metrics.of("loss", 0.4)).build();

        assertThat(next.logHistory()).containsExactly(Metrics.of("loss", 0.5), Metrics.of("loss", 0.4));
        assertThat(STATE.logHistory()).hasSize(1);
        assertThatThrownBy(() -> next.logHistory().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void twoStatesMadeOfOneHaveEntriesOfTheirOwn() {
        TrainerState one = STATE.toBuilder().log(Metrics.of("loss", 0.4)).build();
        TrainerState other = STATE.toBuilder().log(Metrics.of("loss", 0.3)).build();

        assertThat(one.logHistory()).containsExactly(Metrics.of("loss", 0.5), Metrics.of("loss", 0.4));
        assertThat(other.logHistory()).containsExactly(Metrics.of("loss", 0.5), Metrics.of("loss", 0.3));
    }

    @Test
    @Timeout(20) // with a copy for each it takes minutes
    void aLongLogIsNotCopiedForEachEntry() {
        TrainerState state = STATE;
        for (int i = 0; i < 500_000; i++) {
            state = state.toBuilder().log(Metrics.of("loss", i)).build();
        }

        assertThat(state.logHistory()).hasSize(500_001);
        assertThat(state.logHistory().get(500_000).get("loss")).isEqualTo(499_999);
        assertThat(STATE.logHistory()).hasSize(1);
    }

    @Test
    void theFirstMetricThatIsNoLossDecides() {
        assertThat(STATE.metricForBestModel()).isEqualTo("accuracy");
        assertThat(TrainerState.builder()
                        .metric("dev_loss", false)
                        .metric("hard_loss", false)
                        .build()
                        .metricForBestModel())
                .isEqualTo("dev_loss");
        assertThat(TrainerState.builder().build().metricForBestModel()).isEqualTo("loss");
    }

    @Test
    void metricsSayWhatIsBetter() {
        assertThat(STATE.metrics()).containsExactly("loss", "accuracy");
        assertThat(STATE.greaterIsBetter("accuracy")).isTrue();
        assertThat(STATE.greaterIsBetter("loss")).isFalse();
        assertThatThrownBy(() -> STATE.greaterIsBetter("f1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[loss, accuracy]");
    }

    @Test
    void theTextTellsEpochAndStep() {
        assertThat(STATE).hasToString("TrainerState[epoch=1.5, globalStep=30 of 60]");
    }
}
