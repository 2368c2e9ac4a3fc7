package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.stream.Collector;

/** A score each label has, and how those of all labels become one number. */
abstract class ScoreOfLabels implements Metric<Example<?, String>, Classification> {
    private final String name;
    private final LabelScore score;
    private final Average average;

    ScoreOfLabels(String name, LabelScore score, Average average) {
        this.name = name;
        this.score = score;
        this.average = average;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector() {
        return LabelCounts.collector(name, counts -> average.of(counts, score));
    }
}
