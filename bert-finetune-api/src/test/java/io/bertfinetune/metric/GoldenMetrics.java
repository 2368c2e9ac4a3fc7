package io.bertfinetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collector;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The cases of {@code golden/metrics.json}, and how a metric is put to them. */
final class GoldenMetrics {
    record Golden(List<Case> cases) {}

    record Case(
            String name,
            List<String> labels,
            String positive,
            List<String> y_true,
            List<String> y_pred,
            Map<String, Double> scores) {
        /**
         * scikit-learn's number. The file's macro averages are over all labels of the task; over those that occur, as
         * scikit-learn has it by default, the same sum has fewer parts, as a label that does not occur scores 0.
         */
        double score(String name) {
            double score = Objects.requireNonNull(scores.get(name), name);
            long present =
                    Stream.concat(y_true.stream(), y_pred.stream()).distinct().count();
            return name.endsWith("_macro") ? score * labels.size() / present : score;
        }

        Stream<Outcome<Example<String, String>, Classification>> outcomes() {
            return IntStream.range(0, y_true.size()).mapToObj(i -> outcome(labels, y_true.get(i), y_pred.get(i)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private GoldenMetrics() {}

    static Stream<Case> cases() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(GoldenMetrics.class.getResourceAsStream("/golden/metrics.json")),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(reader, Golden.class).cases().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void assertEqualsScikitLearn(Case golden, String score, Metric<Example<?, String>, Classification> metric) {
        double found = measure(metric, golden.outcomes()).get(metric.name());

        assertThat(found).as(score).isCloseTo(golden.score(score), within(1e-12));
    }

    static Metrics measure(
            Metric<Example<?, String>, Classification> metric,
            Stream<Outcome<Example<String, String>, Classification>> outcomes) {
        Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector =
                metric.collector();
        return outcomes.collect(collector);
    }

    static Outcome<Example<String, String>, Classification> outcome(List<String> labels, String truth, String label) {
        Map<String, Double> probabilities = new LinkedHashMap<>();
        labels.forEach(each -> probabilities.put(each, each.equals(label) ? 1.0 : 0.0));
        return new Outcome<>(Example.of("a text", truth), new Classification(label, probabilities));
    }
}
