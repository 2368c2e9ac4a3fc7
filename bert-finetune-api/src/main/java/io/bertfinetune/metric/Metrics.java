package io.bertfinetune.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Named numbers, in order, under Hugging Face's names: {@code eval_loss}, {@code eval_accuracy}, {@code train_loss}.
 * Does not change.
 */
public final class Metrics {
    private final Map<String, Double> values;

    private Metrics(Map<String, Double> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /**
     * One number.
     *
     * @param name its name
     * @param value the number
     * @return the metrics
     */
    public static Metrics of(String name, double value) {
        return of(Map.of(name, value));
    }

    /**
     * Several numbers.
     *
     * @param values the numbers by name, in the order of the map
     * @return the metrics
     */
    public static Metrics of(Map<String, Double> values) {
        return new Metrics(new LinkedHashMap<>(values));
    }

    /**
     * The number of this name.
     *
     * @param name {@code eval_loss} for instance
     * @return the number
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no metric '" + name + "'; there are " + values.keySet());
        }
        return value;
    }

    /**
     * Whether there is a number of this name.
     *
     * @param name {@code eval_loss} for instance
     * @return true if {@link #get} has an answer
     */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * All numbers.
     *
     * @return an unmodifiable map, in order
     */
    public Map<String, Double> values() {
        return values;
    }

    /**
     * These metrics, and one more at the end; one of the same name is replaced where it stands.
     *
     * @param name its name
     * @param value the number
     * @return new metrics
     */
    public Metrics with(String name, double value) {
        Map<String, Double> all = new LinkedHashMap<>(values);
        all.put(name, value);
        return new Metrics(all);
    }

    /**
     * These metrics under longer names.
     *
     * @param prefix what is put in front of each name, {@code eval_} for instance
     * @return new metrics
     */
    public Metrics withPrefix(String prefix) {
        Map<String, Double> all = new LinkedHashMap<>();
        values.forEach((name, value) -> all.put(prefix + name, value));
        return new Metrics(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Metrics that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /**
     * The numbers on one line, with four decimals.
     *
     * @return {@code eval_loss=0.4312 eval_accuracy=0.8750}
     */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(e -> e.getKey() + "=" + String.format(Locale.ROOT, "%.4f", e.getValue()))
                .collect(Collectors.joining(" "));
    }
}
