package io.bertfinetune.task;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * One label for a text or a pair: Hugging Face's {@code BertForSequenceClassification} with
 * {@code problem_type="single_label_classification"}, trained with cross entropy.
 */
public final class SequenceClassification implements Task<Text, String, Classification> {
    private final List<String> labels;

    private SequenceClassification(List<String> labels) {
        this.labels = List.copyOf(labels);
    }

    /**
     * These labels, in the order of their ids.
     *
     * @param labels two or more different labels
     * @return the task
     * @throws IllegalArgumentException if there are fewer than two, or one comes twice
     */
    public static SequenceClassification of(String... labels) {
        return of(List.of(labels));
    }

    /**
     * These labels, in the order of their ids.
     *
     * @param labels two or more different labels
     * @return the task
     * @throws IllegalArgumentException if there are fewer than two, or one comes twice
     */
    public static SequenceClassification of(List<String> labels) {
        if (labels.size() < 2) {
            throw new IllegalArgumentException("SequenceClassification: labels are " + labels
                    + ", expected at least two; with one there is nothing to tell apart");
        }
        if (new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException("SequenceClassification: a label comes twice in " + labels);
        }
        return new SequenceClassification(labels);
    }

    /**
     * The labels that occur in a data set, sorted as strings.
     *
     * @param data labelled examples
     * @return the task
     * @throws IllegalArgumentException if fewer than two labels occur
     */
    public static SequenceClassification labelsOf(Dataset<? extends Example<?, String>> data) {
        try (Stream<? extends Example<?, String>> examples = data.stream()) {
            return of(examples.map(Example::label).distinct().sorted().toList());
        }
    }

    /**
     * The labels the saved model was trained with ({@code id2label} of its {@code config.json}).
     *
     * @return the task; after loading, {@code model.task()} knows the labels
     */
    public static SequenceClassification saved() {
        return new SequenceClassification(List.of());
    }

    /**
     * The labels, in the order of their ids.
     *
     * @return the labels; empty for {@link #saved} before a model is loaded
     */
    public List<String> labels() {
        return labels;
    }

    @Override
    public List<Metric<? super Example<Text, String>, ? super Classification>> defaultMetrics() {
        return List.of(Accuracy.of());
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.sequenceClassification(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceClassification that && labels.equals(that.labels);
    }

    @Override
    public int hashCode() {
        return labels.hashCode();
    }

    /**
     * The labels.
     *
     * @return {@code SequenceClassification[negative, positive]}
     */
    @Override
    public String toString() {
        return "SequenceClassification" + labels;
    }
}
