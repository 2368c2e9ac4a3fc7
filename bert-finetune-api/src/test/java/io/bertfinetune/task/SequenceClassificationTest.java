package io.bertfinetune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SequenceClassificationTest {
    private static final SequenceClassification TASK = SequenceClassification.of("common", "rare");

    @Test
    void classWeightsAreKept() {
        SequenceClassification weighted = TASK.classWeights(Map.of("rare", 5.0));

        assertThat(weighted.classWeights()).containsExactly(Map.entry("rare", 5.0));
        assertThat(weighted.labels()).containsExactly("common", "rare");
        assertThat(TASK.classWeights()).isEmpty();
    }

    @Test
    void weightsMakeAnotherTask() {
        SequenceClassification weighted = TASK.classWeights(Map.of("rare", 5.0));

        assertThat(weighted)
                .isNotEqualTo(TASK)
                .isEqualTo(SequenceClassification.of("common", "rare").classWeights(Map.of("rare", 5.0)))
                .hasToString("SequenceClassification[common, rare], classWeights {rare=5.0}");
        assertThat(TASK).hasToString("SequenceClassification[common, rare]");
    }

    @Test
    void aLabelThatIsNotTheTasksIsRefused() {
        assertThatThrownBy(() -> TASK.classWeights(Map.of("Rare", 5.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'Rare', expected one of [common, rare]");
    }

    @Test
    void aWeightThatIsNotAboveZeroIsRefused() {
        assertThatThrownBy(() -> TASK.classWeights(Map.of("rare", 0.0))).hasMessageContaining("0.0 for label 'rare'");
        assertThatThrownBy(() -> TASK.classWeights(Map.of("rare", Double.NaN))).hasMessageContaining("NaN");
        assertThatThrownBy(() -> SequenceClassification.saved().classWeights(Map.of("rare", -1.0)))
                .hasMessageContaining("-1.0");
    }
}
