package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * How often each label was predicted for each true label; scikit-learn's {@code confusion_matrix}. The metric reports no
 * number: the matrix is a {@linkplain Metrics#detail detail} of what an evaluation reports, named
 * {@code eval_confusion_matrix}. Does not change.
 */
public final class ConfusionMatrix {
    private static final String NAME = "confusion_matrix";

    private final List<String> labels;
    private final Map<Cell, Long> counts;

    private ConfusionMatrix(List<String> labels, Map<Cell, Long> counts) {
        this.labels = List.copyOf(labels);
        this.counts = Map.copyOf(counts);
    }

    /**
     * The metric whose detail is a matrix.
     *
     * @return the metric {@code confusion_matrix}
     */
    public static Metric<Example<?, String>, Classification> metric() {
        return new NamedMetric<>(
                NAME,
                Collectors.collectingAndThen(
                        collector(), matrix -> Metrics.of(Map.of()).withDetail(NAME, matrix)),
                true);
    }

    /**
     * Counts outcomes, those of {@code trainer.predict(data)} for instance.
     *
     * @return a collector of the matrix
     */
    public static Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, ConfusionMatrix>
            collector() {
        return Collector.<Outcome<? extends Example<?, String>, ? extends Classification>, Counts, ConfusionMatrix>of(
                Counts::new,
                (counts, outcome) -> counts.add(outcome.example().label(), outcome.prediction()),
                Counts::addAll,
                Counts::matrix);
    }

    /**
     * The labels of the rows and columns: those of the task in its order, then, sorted, those that were true and that the
     * task does not have.
     *
     * @return the labels; empty if there were no outcomes
     */
    public List<String> labels() {
        return labels;
    }

    /**
     * How many examples of one label were taken for another, or for what they are.
     *
     * @param truth the true label, the row
     * @param prediction the predicted label, the column
     * @return the number of examples
     * @throws IllegalArgumentException if there is no such label; the message lists those there are
     */
    public long count(String truth, String prediction) {
        for (String label : List.of(truth, prediction)) {
            if (!labels.contains(label)) {
                throw new IllegalArgumentException("ConfusionMatrix: no label '" + label + "'; there are " + labels);
            }
        }
        return counts.getOrDefault(new Cell(truth, prediction), 0L);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfusionMatrix that && labels.equals(that.labels) && counts.equals(that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * labels.hashCode() + counts.hashCode();
    }

    /**
     * A table, in which what is right stands on the diagonal.
     *
     * @return a line for each true label, a column for each predicted one
     */
    @Override
    public String toString() {
        List<List<String>> columns = new ArrayList<>();
        columns.add(column("true \\ predicted", labels));
        for (String prediction : labels) {
            columns.add(column(
                    prediction,
                    labels.stream()
                            .map(truth -> Long.toString(count(truth, prediction)))
                            .toList()));
        }
        StringBuilder table = new StringBuilder();
        for (int line = 0; line <= labels.size(); line++) {
            int at = line;
            table.append(columns.stream().map(column -> column.get(at)).collect(Collectors.joining("  ")))
                    .append(line < labels.size() ? "\n" : "");
        }
        return table.toString();
    }

    /** A heading and its cells, all as wide as the widest. */
    private static List<String> column(String heading, List<String> cells) {
        List<String> column = new ArrayList<>(List.of(heading));
        column.addAll(cells);
        int width = column.stream().mapToInt(String::length).max().orElse(0);
        column.replaceAll(cell -> " ".repeat(width - cell.length()) + cell);
        return column;
    }

    private record Cell(String truth, String prediction) {}

    private static final class Counts {
        private final Set<String> predictable = new LinkedHashSet<>();
        private final Map<Cell, Long> counts = new LinkedHashMap<>();

        void add(String truth, Classification prediction) {
            predictable.addAll(prediction.probabilities().keySet());
            counts.merge(new Cell(truth, prediction.label()), 1L, Long::sum);
        }

        Counts addAll(Counts other) {
            predictable.addAll(other.predictable);
            other.counts.forEach((cell, count) -> counts.merge(cell, count, Long::sum));
            return this;
        }

        ConfusionMatrix matrix() {
            Set<String> labels = new LinkedHashSet<>(predictable);
            labels.addAll(counts.keySet().stream().map(Cell::truth).collect(Collectors.toCollection(TreeSet::new)));
            return new ConfusionMatrix(List.copyOf(labels), counts);
        }
    }
}
