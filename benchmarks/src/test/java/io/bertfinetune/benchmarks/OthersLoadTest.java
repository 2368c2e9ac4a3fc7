package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.benchmarks.OthersLoad.Ticks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OthersLoadTest {
    @Test
    void idleAndWaitingTicksAreNotBusyAndGuestsAreCountedOnce() {
        Ticks ticks =
                Ticks.parse(List.of("cpu  10 1 4 80 3 0 2 5 7 7", "cpu0 5 1 2 40 1 0 1 2", "cpu1 5 0 2 40 2 0 1 3"));

        assertThat(ticks).isEqualTo(new Ticks(22, 105, 2));
    }

    @Test
    void othersUsedWhatTheSideDidNot() {
        Optional<Ticks> before = Optional.of(new Ticks(100, 1000, 2));
        Optional<Ticks> after = Optional.of(new Ticks(250, 1200, 2)); // 150 of 200 busy in a second

        var others = OthersLoad.between(before, after, Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertThat(others.orElseThrow()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void withoutTicksItIsNotKnown() {
        var others =
                OthersLoad.between(Optional.empty(), Optional.empty(), Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertThat(others).isEmpty();
    }
}
