package io.bertfinetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
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
    void othersComeAtTheEndAndReplaceWhatHasTheirName() {
        Metrics others = Metrics.of("f1", 0.5).with("loss", 2).withDetail("table", "a b");

        Metrics all = METRICS.withDetail("list", List.of(1)).with(others);

        assertThat(all.values())
                .containsExactly(Map.entry("loss", 2.0), Map.entry("accuracy", 0.875), Map.entry("f1", 0.5));
        assertThat(all.details()).containsExactly(Map.entry("list", List.of(1)), Map.entry("table", "a b"));
    }

    @Test
    void aDetailIsFoundByNameAndType() {
        Metrics metrics = METRICS.withDetail("table", "a b").with("f1", 1).withPrefix("eval_");

        assertThat(metrics.detail("eval_table", String.class)).isEqualTo("a b");
        assertThat(metrics.has("eval_table")).isFalse();
        assertThat(METRICS.details()).isEmpty();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> metrics.details().clear());
    }

    @Test
    void anUnknownDetailListsTheKnownOnes() {
        Metrics metrics = METRICS.withDetail("table", "a b");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.detail("list", List.class))
                .withMessage("no detail 'list'; there are [table]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.detail("table", List.class))
                .withMessage("detail 'table' is a String, expected a List; there are [table]");
    }

    @Test
    void detailsAreNotPrintedButCompared() {
        Metrics metrics = METRICS.withDetail("table", "a b");

        assertThat(metrics).hasToString(METRICS.toString()).isNotEqualTo(METRICS);
        assertThat(METRICS.withDetail("table", "a b")).isEqualTo(metrics).hasSameHashCodeAs(metrics);
    }

    @Test
    void equalNumbersAreEqual() {
        assertThat(Metrics.of("loss", 0.43125).with("accuracy", 0.875))
                .isEqualTo(METRICS)
                .hasSameHashCodeAs(METRICS);
        assertThat(METRICS.with("loss", 0)).isNotEqualTo(METRICS);
    }
}
