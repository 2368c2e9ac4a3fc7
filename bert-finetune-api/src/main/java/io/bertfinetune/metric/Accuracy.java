package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.stream.Collector;

/** The share of right labels, 0 to 1; scikit-learn's {@code accuracy_score}. 0 if there are no outcomes. */
public final class Accuracy implements Metric<Example<?, String>, Classification> {
    private Accuracy() {}

    /**
     * The share of right labels.
     *
     * @return the metric {@code accuracy}
     */
    public static Accuracy of() {
        return new Accuracy();
    }

    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector() {
        return LabelCounts.collector(name(), counts -> LabelScore.ratio(counts.totalHits(), counts.total()));
    }
}
