package io.bertfinetune.experiment;

import io.bertfinetune.TrainingArguments;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** One try of a search: the values it drew, and the arguments to train with. Does not change. */
public final class Trial {
    private final int number;
    private final TrainingArguments arguments;
    private final Map<Hyperparameter<?>, Object> drawn;
    private final Map<String, Object> values;

    /** A trial; {@code budget} is what halving set, if anything. */
    Trial(
            int number,
            TrainingArguments arguments,
            Map<Hyperparameter<?>, Object> drawn,
            Map<String, ? extends Number> budget) {
        this.number = number;
        this.arguments = arguments;
        this.drawn = drawn;
        Map<String, Object> all = new LinkedHashMap<>();
        drawn.forEach((hyperparameter, value) -> all.put(hyperparameter.name(), value));
        all.putAll(budget);
        this.values = Collections.unmodifiableMap(all);
    }

    /**
     * Which trial it is.
     *
     * @return 0 for the first
     */
    public int number() {
        return number;
    }

    /**
     * What to train with: the arguments of the space with the values of this trial. If they save checkpoints, the folder
     * {@code trial-<number>} of their {@code outputDir} takes its place, so that trials do not overwrite each other.
     *
     * @return the arguments
     */
    public TrainingArguments arguments() {
        return arguments;
    }

    /**
     * The value of a setting.
     *
     * @param hyperparameter a setting of the space
     * @param <T> value
     * @return its value in this trial
     * @throws IllegalArgumentException if it is not one of the space
     */
    @SuppressWarnings("unchecked") // only values it drew itself are put under a setting
    public <T> T get(Hyperparameter<T> hyperparameter) {
        Object value = drawn.get(hyperparameter);
        if (value == null) {
            throw new IllegalArgumentException(
                    this + " has no " + hyperparameter + " of its own; it has " + drawn.keySet());
        }
        return (T) value;
    }

    /**
     * All values by name, and the budget of its round under {@link Halving}.
     *
     * @return an unmodifiable map, in the order of the space
     */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * The trial and its values.
     *
     * @return {@code trial 3 (learningRate 2.51e-05, perDeviceTrainBatchSize 16)}
     */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(value -> value.getKey() + " " + text(value.getValue()))
                .collect(Collectors.joining(", ", "trial " + number + " (", ")"));
    }

    static String text(Object value) {
        return value instanceof Double number ? Table.number(number) : value.toString();
    }
}
