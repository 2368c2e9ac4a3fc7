package io.bertfinetune.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.metric.Metrics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunsTest {
    private static final Runs BETTER = runs(0.80, 0.82, 0.85, 0.79, 0.84);
    private static final Runs BASE = runs(0.78, 0.81, 0.82, 0.78, 0.80);

    private static Runs runs(double... accuracies) {
        return Repeat.seeds(accuracies.length)
                .run(seed -> Metrics.of("eval_accuracy", accuracies[(int) (seed - 42)])
                        .with("eval_loss", seed));
    }

    @Test
    void aSummaryIsOfOneMetric() {
        assertThat(BETTER.summary("eval_accuracy")).isEqualTo(Summary.of(0.80, 0.82, 0.85, 0.79, 0.84));
    }

    /** The numbers are scipy's, {@code t.interval} of the differences; those of the two means overlap. */
    @Test
    void pairsShowADifferenceThatTheMeansDoNot() {
        Summary difference = BETTER.minus(BASE).summary("eval_accuracy");

        assertThat(difference.mean()).isCloseTo(0.022, within(1e-12));
        assertThat(difference.low()).isCloseTo(0.005810682152912944, within(1e-9));
        assertThat(difference.high()).isCloseTo(0.038189317847087005, within(1e-9));
        assertThat(BETTER.summary("eval_accuracy").low())
                .isLessThan(BASE.summary("eval_accuracy").high());
    }

    @Test
    void runsOverOtherSeedsMakeNoPairs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BETTER.minus(runs(0.5, 0.6)))
                .withMessageContaining("expected the same, to make pairs");
    }

    @Test
    void aMetricThatARunLacksIsNotSummedUp() {
        Map<String, Metrics> runs = new LinkedHashMap<>();
        runs.put("seed 1", Metrics.of("eval_loss", 1).with("eval_f1", 0.5));
        runs.put("seed 2", Metrics.of("eval_loss", 2));

        Runs uneven = new Runs(runs);

        assertThat(uneven.metrics()).containsExactly("eval_loss");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> uneven.summary("eval_f1"))
                .withMessage("no metric 'eval_f1' in every run; there are [eval_loss]");
        assertThat(uneven.minus(uneven).metrics()).containsExactly("eval_loss");
    }

    @Test
    void theTextIsATable() {
        assertThat(runs(0.8, 0.0001, 0.82).toString().lines())
                .containsExactly(
                        "metric            mean     std       95 % interval  seed 42   seed 43  seed 44",
                        "eval_accuracy   0.5400  0.4677   -0.6218 to 1.7019   0.8000  1.00e-04   0.8200",
                        "eval_loss      43.0000  1.0000  40.5159 to 45.4841  42.0000   43.0000  44.0000");
    }

    @Test
    void csvHasEveryNumberInFull() {
        assertThat(runs(0.1 + 0.2, 0.5).toCsv())
                .isEqualTo("run,eval_accuracy,eval_loss\nseed 42,0.30000000000000004,42.0\nseed 43,0.5,43.0\n");
    }
}
