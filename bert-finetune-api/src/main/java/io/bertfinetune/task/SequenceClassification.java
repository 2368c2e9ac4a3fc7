package io.bertfinetune.task;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One label for a text or a pair: Hugging Face's {@code BertForSequenceClassification} with
 * {@code problem_type="single_label_classification"}, trained with cross entropy.
 */
public final class SequenceClassification implements Task<Text, String, Classification> {
    private final List<String> labels;
    private final Map<String, Double> classWeights;

    private SequenceClassification(List<String> labels, Map<String, Double> classWeights) {
        this.labels = List.copyOf(labels);
        this.classWeights = Map.copyOf(classWeights);
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
        return new SequenceClassification(labels, Map.of());
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
        return new SequenceClassification(List.of(), Map.of());
    }

    /**
     * The same task with examples that count by their label, for labels that are rare or dear: PyTorch's
     * {@code CrossEntropyLoss(weight=…)}. The loss of a batch becomes the mean of its examples' losses weighted by these
     * numbers, in training and in evaluation alike, and the items of a batch the sum of its examples' weights; metrics
     * are as before. Smoothed labels weigh the loss of each label by that label's number, as in PyTorch. The weights are
     * not saved with the model.
     *
     * @param weights a number above 0 for each label; one that is not named counts 1
     * @return a new task
     * @throws IllegalArgumentException if a label is not one of the task's, or a weight is not a number above 0
     */
    public SequenceClassification classWeights(Map<String, Double> weights) {
        weights.forEach((label, weight) -> {
            if (!labels.isEmpty() && !labels.contains(label)) {
                throw new IllegalArgumentException(
                        "SequenceClassification: classWeights names label '" + label + "', expected one of " + labels);
            }
            if (!(weight > 0) || weight.isInfinite()) {
                throw new IllegalArgumentException("SequenceClassification: classWeights is " + weight + " for label '"
                        + label + "', expected a number above 0");
            }
        });
        return new SequenceClassification(labels, weights);
    }

    /**
     * The labels, in the order of their ids.
     *
     * @return the labels; empty for {@link #saved} before a model is loaded
     */
    public List<String> labels() {
        return labels;
    }

    /**
     * How much the examples of a label count in the loss.
     *
     * @return a number for each label that was named; the others count 1
     */
    public Map<String, Double> classWeights() {
        return classWeights;
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
        return other instanceof SequenceClassification that
                && labels.equals(that.labels)
                && classWeights.equals(that.classWeights);
    }

    @Override
    public int hashCode() {
        return 31 * labels.hashCode() + classWeights.hashCode();
    }

    /**
     * The labels, and their weights if there are any.
     *
     * @return {@code SequenceClassification[negative, positive]}
     */
    @Override
    public String toString() {
        String weights = classWeights.isEmpty() ? "" : ", classWeights " + new TreeMap<>(classWeights);
        return "SequenceClassification" + labels + weights;
    }
}
