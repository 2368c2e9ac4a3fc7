package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.training.TrainerState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstPaceTest {
    private final List<String> lines = new ArrayList<>();
    private long nanos;

    /** Half a second a step; the first takes an hour more, and there is an evaluation of a minute after each. */
    private void run(long first, long last, long maxSteps) {
        FirstPace pace = new FirstPace(lines::add, () -> nanos);
        Events events = new Events(
                List.of(pace),
                TrainerState.builder().globalStep(first).maxSteps(maxSteps).build(),
                false);
        events.trainBegin();
        for (long step = first + 1; step <= last; step++) {
            long now = step;
            events.stepBegin();
            nanos += step == first + 1 ? 3_600_000_000_000L : 0;
            events.change(state -> state.globalStep(now));
            nanos += 500_000_000L;
            events.stepEnd();
            nanos += 60_000_000_000L;
        }
    }

    @Test
    void thePaceIsToldOnceAfterTheFirstStepsOfARun() {
        run(0, 100, 7211);

        assertThat(lines)
                .containsExactly(
                        "0.50 s a step over the first 10: about 1:00:00 for the 7200 steps left, without evaluations");
    }

    @Test
    void aRunThatGoesOnIsMeasuredAnew() {
        run(50, 100, 71);

        assertThat(lines)
                .containsExactly(
                        "0.50 s a step over the first 10: about 0:00:05 for the 10 steps left, without evaluations");
    }

    @Test
    void aShortRunIsOverBefore() {
        run(0, 10, 10);

        assertThat(lines).isEmpty();
    }
}
