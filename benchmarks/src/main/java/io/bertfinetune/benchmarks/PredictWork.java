package io.bertfinetune.benchmarks;

import io.bertfinetune.Bert;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Predicts texts, one by one and then 32 at a time. */
final class PredictWork implements Work {
    static final int BATCH = 32;

    private final List<Text> texts;
    private final Model<Text, String, Classification> model;

    PredictWork(Path folder) {
        this.texts =
                TextWork.readTexts(folder).stream().map(text -> Text.of(text)).toList();
        this.model = Bert.fromPretrained(folder)
                .maxLength(TextWork.read(folder).maxLength())
                .load(SequenceClassification.of("0", "1"));
    }

    @Override
    public Map<String, Double> facts() {
        return Map.of("first_score", model.predict(texts.get(0)).probabilities().get("1"));
    }

    @Override
    public Map<String, Double> once() {
        double[] single = texts.stream()
                .mapToDouble(text -> Work.ms(() -> model.predict(text)))
                .sorted()
                .toArray();
        double all = Work.ms(() -> {
            for (int first = 0; first < texts.size(); first += BATCH) {
                model.predictAll(texts.subList(first, Math.min(texts.size(), first + BATCH)));
            }
        });
        return Map.of(
                "p50_ms",
                single[single.length / 2],
                "p99_ms",
                single[single.length * 99 / 100],
                "texts_per_second",
                1000 * texts.size() / all);
    }

    @Override
    public void close() {
        model.close();
    }
}
