package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenMetrics.outcome;
import static io.bertfinetune.metric.GoldenScores.measure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private static final List<String> LABELS = List.of("spam", "ham", "news");
    private static final List<Outcome<Example<String, String>, Classification>> OUTCOMES = List.of(
            outcome(LABELS, "spam", "spam"),
            outcome(LABELS, "spam", "ham"),
            outcome(LABELS, "spam", "ham"),
            outcome(LABELS, "ham", "ham"),
            outcome(LABELS, "other", "spam"));

    @Test
    void countsPredictionsForEachTruth() {
        ConfusionMatrix matrix = OUTCOMES.stream().collect(ConfusionMatrix.collector());

        assertThat(matrix.count("spam", "spam")).isEqualTo(1);
        assertThat(matrix.count("spam", "ham")).isEqualTo(2);
        assertThat(matrix.count("ham", "spam")).isZero();
        assertThat(matrix.count("other", "spam")).isEqualTo(1);
    }

    @Test
    void labelsAreThoseOfTheTaskThenThoseItDoesNotHave() {
        ConfusionMatrix matrix = OUTCOMES.stream().collect(ConfusionMatrix.collector());

        assertThat(matrix.labels()).containsExactly("spam", "ham", "news", "other");
    }

    @Test
    void printsATable() {
        ConfusionMatrix matrix = OUTCOMES.stream().collect(ConfusionMatrix.collector());

        assertThat(matrix).hasToString("""
                        true \\ predicted  spam  ham  news  other
                                    spam     1    2     0      0
                                     ham     0    1     0      0
                                    news     0    0     0      0
                                   other     1    0     0      0""");
    }

    @Test
    void theMetricReportsTheMatrixAndNoNumber() {
        Metrics metrics = measure(ConfusionMatrix.metric(), OUTCOMES.stream()).withPrefix("eval_");

        assertThat(metrics.values()).isEmpty();
        assertThat(metrics.detail("eval_confusion_matrix", ConfusionMatrix.class))
                .isEqualTo(OUTCOMES.stream().collect(ConfusionMatrix.collector()));
        assertThat(ConfusionMatrix.metric().name()).isEqualTo("confusion_matrix");
    }

    @Test
    void partsCountedApartGiveTheSameMatrix() {
        var many = Collections.nCopies(100, OUTCOMES).stream()
                .flatMap(List::stream)
                .toList();

        ConfusionMatrix apart = many.parallelStream().collect(ConfusionMatrix.collector());

        assertThat(apart)
                .isEqualTo(many.stream().collect(ConfusionMatrix.collector()))
                .hasSameHashCodeAs(many.stream().collect(ConfusionMatrix.collector()))
                .isNotEqualTo(OUTCOMES.stream().collect(ConfusionMatrix.collector()));
    }

    @Test
    void allCountsTogetherAreTheOutcomes() {
        ConfusionMatrix matrix = OUTCOMES.stream().collect(ConfusionMatrix.collector());

        assertThat(matrix.labels().stream()
                        .flatMap(truth -> matrix.labels().stream().map(prediction -> matrix.count(truth, prediction)))
                        .collect(Collectors.summingLong(Long::longValue)))
                .isEqualTo(OUTCOMES.size());
    }

    @Test
    void anUnknownLabelListsTheKnownOnes() {
        ConfusionMatrix matrix = OUTCOMES.stream().collect(ConfusionMatrix.collector());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> matrix.count("ham", "Spam"))
                .withMessage("ConfusionMatrix: no label 'Spam'; there are [spam, ham, news, other]");
    }

    @Test
    void ofNothingIsEmpty() {
        ConfusionMatrix matrix =
                Stream.<Outcome<Example<String, String>, Classification>>of().collect(ConfusionMatrix.collector());

        assertThat(matrix.labels()).isEmpty();
        assertThat(matrix).hasToString("true \\ predicted");
    }
}
