package io.bertfinetune.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Named numbers, in order, under Hugging Face's names: {@code eval_loss}, {@code eval_accuracy}, {@code train_loss}; and
 * details, which are no numbers, a {@link ConfusionMatrix} for instance. Does not change.
 */
public final class Metrics {
    private final Map<String, Double> values;
    private final Map<String, Object> details;

    private Metrics(Map<String, Double> values, Map<String, Object> details) {
        this.values = Collections.unmodifiableMap(values);
        this.details = Collections.unmodifiableMap(details);
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
        return new Metrics(new LinkedHashMap<>(values), Map.of());
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
        return new Metrics(all, details);
    }

    /**
     * These metrics, and others at the end; those of the same name are replaced where they stand.
     *
     * @param others the others
     * @return new metrics
     */
    public Metrics with(Metrics others) {
        Map<String, Double> all = new LinkedHashMap<>(values);
        all.putAll(others.values);
        Map<String, Object> allDetails = new LinkedHashMap<>(details);
        allDetails.putAll(others.details);
        return new Metrics(all, allDetails);
    }

    /**
     * These metrics, and a detail: what says more than a number, for a person to look at. Evaluations report it; the log
     * and checkpoints hold numbers alone.
     *
     * @param name its name
     * @param detail a value that does not change, and whose {@code toString} can be read
     * @return new metrics
     */
    public Metrics withDetail(String name, Object detail) {
        Map<String, Object> all = new LinkedHashMap<>(details);
        all.put(name, Objects.requireNonNull(detail, "detail"));
        return new Metrics(values, all);
    }

    /**
     * The detail of this name.
     *
     * @param name {@code eval_confusion_matrix} for instance
     * @param type what it is
     * @param <T> what it is
     * @return the detail
     * @throws IllegalArgumentException if there is none of this name and type; the message lists those there are
     */
    public <T> T detail(String name, Class<T> type) {
        Object detail = details.get(name);
        if (!type.isInstance(detail)) {
            throw new IllegalArgumentException((detail == null
                            ? "no detail '" + name + "'"
                            : "detail '" + name + "' is a "
                                    + detail.getClass().getSimpleName() + ", expected a "
                                    + type.getSimpleName())
                    + "; there are " + details.keySet());
        }
        return type.cast(detail);
    }

    /**
     * All details.
     *
     * @return an unmodifiable map, in order
     */
    public Map<String, Object> details() {
        return details;
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
        Map<String, Object> allDetails = new LinkedHashMap<>();
        details.forEach((name, detail) -> allDetails.put(prefix + name, detail));
        return new Metrics(all, allDetails);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Metrics that && values.equals(that.values) && details.equals(that.details);
    }

    @Override
    public int hashCode() {
        return 31 * values.hashCode() + details.hashCode();
    }

    /**
     * The numbers on one line, with four decimals; details are left out.
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
