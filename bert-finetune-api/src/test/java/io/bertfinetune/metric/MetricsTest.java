package io.bertfinetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Metrics METRICS = Metrics.of("loss", 0.43125).with("accuracy", 0.875);

    @Test
    void numbersAreFoundByName() {
        assertThat(METRICS.get("accuracy")).isEqualTo(0.875);
        assertThat(METRICS.has("accuracy")).isTrue();
        assertThat(METRICS.has("f1")).isFalse();
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> METRICS.get("f1"))
                .withMessage("no metric 'f1'; there are [loss, accuracy]");
    }

    @Test
    void orderIsKept() {
        assertThat(METRICS.with("a", 1).with("loss", 2).values())
                .containsExactly(Map.entry("loss", 2.0), Map.entry("accuracy", 0.875), Map.entry("a", 1.0));
    }

    @Test
    void aPrefixGoesBeforeEveryName() {
        assertThat(METRICS.withPrefix("eval_").values().keySet()).containsExactly("eval_loss", "eval_accuracy");
    }

    @Test
    void printsOnOneLineInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);

            assertThat(METRICS.withPrefix("eval_")).hasToString("eval_loss=0.4313 eval_accuracy=0.8750");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void doesNotChange() {
        Map<String, Double> source = new HashMap<>(Map.of("loss", 1.0));
        Metrics metrics = Metrics.of(source);

        source.put("loss", 2.0);

        assertThat(metrics.get("loss")).isEqualTo(1);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> metrics.values().put("loss", 2.0));
    }

    @Test
    void equalNumbersAreEqual() {
        assertThat(Metrics.of("loss", 0.43125).with("accuracy", 0.875))
                .isEqualTo(METRICS)
                .hasSameHashCodeAs(METRICS);
        assertThat(METRICS.with("loss", 0)).isNotEqualTo(METRICS);
    }
}
