package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenScores.measure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Tagging;
import io.bertfinetune.text.Words;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpanF1Test {
    /** The example of seqeval's README and docstrings. */
    private static final List<Outcome<Example<Words, List<String>>, Tagging>> SEQEVAL = List.of(
            outcome("O O O B-MISC I-MISC I-MISC O", "O O B-MISC I-MISC I-MISC I-MISC O"),
            outcome("B-PER I-PER O", "B-PER I-PER O"));

    @Test
    void givesWhatSeqevalDocuments() {
        Metrics metrics = measure(SpanF1.of(), SEQEVAL.stream());

        assertThat(metrics.values()).containsExactly(entry("f1", 0.5), entry("precision", 0.5), entry("recall", 0.5));
    }

    @Test
    void givesSeqevalsReportPerType() {
        Metrics metrics = measure(SpanF1.perType(), SEQEVAL.stream());

        assertThat(metrics.values())
                .containsExactly(
                        entry("f1", 0.5),
                        entry("precision", 0.5),
                        entry("recall", 0.5),
                        entry("MISC_f1", 0.0),
                        entry("MISC_precision", 0.0),
                        entry("MISC_recall", 0.0),
                        entry("PER_f1", 1.0),
                        entry("PER_precision", 1.0),
                        entry("PER_recall", 1.0));
    }

    @Test
    void precisionIsOverPredictionsAndRecallOverTruths() {
        // 3 predicted, 2 true, 1 of them found
        var outcome = outcome("B-PER I-PER O B-LOC O", "B-PER I-PER B-LOC O B-ORG");

        Metrics metrics = measure(SpanF1.of(), Stream.of(outcome));

        assertThat(metrics.get("precision")).isEqualTo(1 / 3.0);
        assertThat(metrics.get("recall")).isEqualTo(1 / 2.0);
        assertThat(metrics.get("f1")).isCloseTo(2 * (1 / 3.0) * (1 / 2.0) / (1 / 3.0 + 1 / 2.0), within(1e-15));
    }

    @Test
    void everyTypeIsWeighedByItsEntities() {
        // PER 2 of 2 found, LOC 0 of 1: together 2 of 3
        var outcomes = Stream.of(outcome("B-PER B-PER O", "B-PER B-PER O"), outcome("O B-LOC", "O O"));

        Metrics metrics = measure(SpanF1.perType(), outcomes);

        assertThat(metrics.get("recall")).isEqualTo(2 / 3.0);
        assertThat(metrics.get("LOC_recall")).isZero();
        assertThat(metrics.get("PER_precision")).isEqualTo(1);
    }

    @Test
    void theSameWordsAsAnotherTypeAreNotFound() {
        Metrics metrics = measure(SpanF1.perType(), Stream.of(outcome("B-PER I-PER", "B-ORG I-ORG")));

        assertThat(metrics.get("f1")).isZero();
        assertThat(metrics.values()).containsKeys("PER_f1", "ORG_f1");
    }

    @Test
    void schemesMayDiffer() {
        Metrics metrics = measure(SpanF1.of(), Stream.of(outcome("B-PER I-PER O B-LOC", "B-PER E-PER O S-LOC")));

        assertThat(metrics.get("f1")).isEqualTo(1);
    }

    @Test
    void entitiesEndWithTheirText() {
        var outcomes = Stream.of(outcome("B-PER", "B-PER"), outcome("I-PER", "I-PER"));

        assertThat(measure(SpanF1.perType(), outcomes).get("PER_recall")).isEqualTo(1);
        assertThat(measure(SpanF1.of(), Stream.of(outcome("B-PER I-PER", "B-PER B-PER")))
                        .get("recall"))
                .isZero();
    }

    @Test
    void isNamedAsHuggingFaceNamesItAndMoreIsBetter() {
        assertThat(SpanF1.of().name()).isEqualTo("f1");
        assertThat(SpanF1.of().greaterIsBetter()).isTrue();
    }

    @Test
    void partsCountedApartGiveTheSameNumbers() {
        var many =
                Collections.nCopies(100, SEQEVAL).stream().flatMap(List::stream).toList();

        assertThat(measure(SpanF1.perType(), many.parallelStream()))
                .isEqualTo(measure(SpanF1.perType(), many.stream()));
    }

    @Test
    void labelsForOtherWordsAreRefused() {
        var outcome = new Outcome<>(
                Example.of(Words.of("Ada", "sings"), List.of("B-PER")),
                Tagging.of(Words.of("Ada", "sings"), List.of("B-PER", "O")));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(SpanF1.of(), Stream.of(outcome)))
                .withMessage("SpanF1: 1 labels for 2 words, expected one for each: [Ada, sings]");
    }

    @Test
    void withoutEntitiesAllIsZero() {
        assertThat(measure(SpanF1.of(), Stream.of(outcome("O O", "O O"))).values())
                .containsExactly(entry("f1", 0.0), entry("precision", 0.0), entry("recall", 0.0));
        assertThat(measure(SpanF1.perType(), Stream.of()).values())
                .containsExactly(entry("f1", 0.0), entry("precision", 0.0), entry("recall", 0.0));
    }

    private static Outcome<Example<Words, List<String>>, Tagging> outcome(String truths, String predictions) {
        List<String> tags = List.of(truths.split(" "));
        Words words = Words.of(Collections.nCopies(tags.size(), "word"));
        return new Outcome<>(Example.of(words, tags), Tagging.of(words, List.of(predictions.split(" "))));
    }
}
