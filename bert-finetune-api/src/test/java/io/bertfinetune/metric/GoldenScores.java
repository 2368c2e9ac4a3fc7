package io.bertfinetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Answer;
import io.bertfinetune.prediction.Answers;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.prediction.Score;
import io.bertfinetune.text.Question;
import io.bertfinetune.text.Span;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cases of {@code golden/scored_metrics.json}, and how a metric is put to them. */
final class GoldenScores {
    record Golden(List<Regression> regressions, List<ScoredClassification> classifications, List<Answered> answers) {}

    record Regression(
            String name,
            List<Double> truths,
            List<Double> predictions,
            @Nullable Double pearson,
            @Nullable Double spearmanr,
            double mse,
            double mae) {
        List<Outcome<Example<String, Double>, Score>> outcomes() {
            return IntStream.range(0, truths.size())
                    .mapToObj(i -> outcome(truths.get(i), predictions.get(i)))
                    .toList();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record ScoredClassification(
            String name,
            List<String> labels,
            List<String> truths,
            List<String> predictions,
            List<List<Double>> probabilities,
            @Nullable Double roc_auc,
            @Nullable Double roc_auc_macro,
            double average_precision,
            Map<String, Double> calibration_error) {
        List<Outcome<Example<String, String>, Classification>> outcomes() {
            return IntStream.range(0, truths.size()).mapToObj(this::outcome).toList();
        }

        private Outcome<Example<String, String>, Classification> outcome(int i) {
            Map<String, Double> byLabel = new LinkedHashMap<>();
            for (int label = 0; label < labels.size(); label++) {
                byLabel.put(labels.get(label), probabilities.get(i).get(label));
            }
            return new Outcome<>(Example.of("a text", truths.get(i)), new Classification(predictions.get(i), byLabel));
        }

        String positive() {
            return labels.get(1);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record Answered(List<String> truths, String prediction, double exact_match, double f1) {
        Outcome<Example<Question, List<Span>>, Answers> outcome() {
            return GoldenScores.outcome(truths, prediction);
        }
    }

    private GoldenScores() {}

    static Stream<Regression> regressions() {
        return golden().regressions().stream();
    }

    static Stream<ScoredClassification> classifications() {
        return golden().classifications().stream();
    }

    static Stream<Answered> answers() {
        return golden().answers().stream();
    }

    private static Golden golden() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(GoldenScores.class.getResourceAsStream("/golden/scored_metrics.json")),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(reader, Golden.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** NaN is null in the file, and equal to itself here. */
    static void assertEqualsGolden(double found, @Nullable Double expected) {
        if (expected == null) {
            assertThat(found).isNaN();
        } else {
            assertThat(found).isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
        }
    }

    static <E, P> Metrics measure(Metric<E, P> metric, Stream<? extends Outcome<? extends E, ? extends P>> outcomes) {
        return outcomes.collect(metric.collector());
    }

    static Outcome<Example<String, Double>, Score> outcome(double truth, double prediction) {
        return new Outcome<>(Example.of("a text", truth), new Score(prediction));
    }

    /** A context made of these answers, one after another; an empty prediction is none. */
    static Outcome<Example<Question, List<Span>>, Answers> outcome(List<String> truths, String prediction) {
        StringBuilder context = new StringBuilder();
        List<Span> spans = new ArrayList<>();
        for (String truth : truths) {
            spans.add(new Span(context.length(), context.length() + truth.length()));
            context.append(truth).append(" | ");
        }
        List<Answer> candidates =
                prediction.isEmpty() ? List.of() : List.of(new Answer(prediction, new Span(0, 0), 0.9));
        return new Outcome<>(
                Example.of(new Question("What?", context.toString()), List.copyOf(spans)),
                new Answers(candidates, 0.1));
    }
}
