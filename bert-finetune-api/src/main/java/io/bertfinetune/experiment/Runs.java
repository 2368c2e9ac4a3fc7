package io.bertfinetune.experiment;

import io.bertfinetune.metric.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What repeated runs came to. Does not change. */
public final class Runs {
    private final Map<String, Metrics> runs;
    private final List<String> metrics;

    /** The runs by name; two or more. */
    Runs(Map<String, Metrics> runs) {
        this.runs = runs;
        List<String> inAll = new ArrayList<>();
        runs.values()
                .forEach(run -> run.values().keySet().stream()
                        .filter(metric -> !inAll.contains(metric))
                        .forEach(inAll::add));
        inAll.removeIf(metric -> !runs.values().stream().allMatch(run -> run.has(metric)));
        this.metrics = List.copyOf(inAll);
    }

    /**
     * The runs.
     *
     * @return their names, {@code seed 42} or {@code fold 1}, in order
     */
    public List<String> names() {
        return List.copyOf(runs.keySet());
    }

    /**
     * The metrics that every run has.
     *
     * @return their names, in order
     */
    public List<String> metrics() {
        return metrics;
    }

    /**
     * One metric of every run.
     *
     * @param metric {@code eval_accuracy} for instance
     * @return a number for each of {@link #names}
     * @throws IllegalArgumentException if a run does not have it
     */
    public List<Double> values(String metric) {
        if (!metrics.contains(metric)) {
            throw new IllegalArgumentException("no metric '" + metric + "' in every run; there are " + metrics);
        }
        return runs.values().stream().map(run -> run.get(metric)).toList();
    }

    /**
     * What the runs say about one metric.
     *
     * @param metric {@code eval_accuracy} for instance
     * @return mean, standard deviation and interval
     * @throws IllegalArgumentException if a run does not have it
     */
    public Summary summary(String metric) {
        return Summary.of(
                values(metric).stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * What these runs have more than others, run by run: the paired comparison of two configurations. If 0 is not in the
     * interval of a metric, they differ by more than seeds do; pairs make that show with fewer runs than two means would,
     * as far as a seed does the same to both.
     *
     * @param other runs over the same seeds or folds
     * @return the differences; a metric that not all runs have is not among them
     * @throws IllegalArgumentException if the other runs have other seeds or folds
     */
    public Runs minus(Runs other) {
        if (!names().equals(other.names())) {
            throw new IllegalArgumentException("minus: these runs are " + names() + ", the others " + other.names()
                    + "; expected the same, to make pairs");
        }
        List<String> common = metrics.stream().filter(other.metrics::contains).toList();
        Map<String, Metrics> differences = new LinkedHashMap<>();
        runs.forEach((name, run) -> {
            Map<String, Double> values = new LinkedHashMap<>();
            Metrics others = other.runs.getOrDefault(name, run);
            common.forEach(metric -> values.put(metric, run.get(metric) - others.get(metric)));
            differences.put(name, Metrics.of(values));
        });
        return new Runs(differences);
    }

    /**
     * Every number, as CSV under a header: a line for each run, a column for each metric.
     *
     * @return the text, {@code run,eval_loss,eval_accuracy} and so on
     */
    public String toCsv() {
        List<String> header = new ArrayList<>(List.of("run"));
        header.addAll(metrics);
        Table table = new Table(header);
        runs.forEach((name, run) -> {
            List<String> row = new ArrayList<>(List.of(name));
            metrics.forEach(metric -> row.add(Double.toString(run.get(metric))));
            table.add(row);
        });
        return table.csv();
    }

    /**
     * A table for reading: mean, standard deviation and interval of each metric, and its value in each run.
     *
     * @return lines, the first the header
     */
    @Override
    public String toString() {
        List<String> header = new ArrayList<>(List.of("metric", "mean", "std", "95 % interval"));
        header.addAll(runs.keySet());
        Table table = new Table(header);
        for (String metric : metrics) {
            Summary summary = summary(metric);
            List<String> row = new ArrayList<>(List.of(
                    metric,
                    Table.number(summary.mean()),
                    Table.number(summary.standardDeviation()),
                    Table.number(summary.low()) + " to " + Table.number(summary.high())));
            values(metric).forEach(value -> row.add(Table.number(value)));
            table.add(row);
        }
        return table.toString();
    }
}
