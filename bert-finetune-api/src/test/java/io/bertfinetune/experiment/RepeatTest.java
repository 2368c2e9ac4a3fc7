package io.bertfinetune.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.metric.Metrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatTest {
    @Test
    void everySeedIsTrainedWithOnceInOrder() {
        List<Long> seen = new ArrayList<>();

        Runs runs = Repeat.seeds(3).run(seed -> {
            seen.add(seed);
            return Metrics.of("eval_accuracy", seed / 100.0);
        });

        assertThat(seen).containsExactly(42L, 43L, 44L);
        assertThat(runs.names()).containsExactly("seed 42", "seed 43", "seed 44");
        assertThat(runs.values("eval_accuracy")).containsExactly(0.42, 0.43, 0.44);
    }

    @Test
    void seedsMayBeNamed() {
        assertThat(Repeat.ofSeeds(7, -1)).hasToString("Repeat[seed 7, seed -1]");
    }

    @Test
    void everyFoldIsHeldOutOnce() {
        var data = Dataset.of(List.of(1, 2, 3, 4, 5, 6));

        Runs runs = Repeat.folds(data.folds(3, 42))
                .run(fold ->
                        Metrics.of("sum", fold.eval().stream().mapToInt(n -> n).sum()));

        assertThat(runs.names()).containsExactly("fold 1", "fold 2", "fold 3");
        assertThat(runs.values("sum").stream().mapToDouble(n -> n).sum()).isEqualTo(21);
    }

    @Test
    void oneRunIsNoRepetition() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Repeat.seeds(1))
                .withMessage("Repeat: 1 runs, expected two or more");
        assertThatIllegalArgumentException().isThrownBy(() -> Repeat.seeds(-1));
    }

    @Test
    void aSeedTwiceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Repeat.ofSeeds(1, 2, 1))
                .withMessageStartingWith("Repeat: seed 1 comes twice in [1, 2, 1]");
    }

    @Test
    void aRunThatFailsEndsThemAll() {
        assertThatThrownBy(() -> Repeat.seeds(3).run(seed -> {
                    throw new NonFiniteLossException(1, Double.NaN);
                }))
                .isInstanceOf(NonFiniteLossException.class);
    }
}
