package io.bertfinetune.experiment;

import java.util.List;
import java.util.Objects;
import java.util.function.DoubleFunction;

/**
 * A setting that a search tries values of, and the values it may have. Does not change.
 *
 * @param <T> value
 */
public final class Hyperparameter<T> {
    private final String name;
    private final String values;
    private final DoubleFunction<T> draw;

    private Hyperparameter(String name, String values, DoubleFunction<T> draw) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("Hyperparameter: the name is empty");
        }
        this.name = name;
        this.values = values;
        this.draw = draw;
    }

    /**
     * A number between two, each factor as likely as another: 1e-5 to 1e-4 is drawn as often as 1e-4 to 1e-3. For learning
     * rates.
     *
     * @param name its name in results, {@code learningRate} for instance
     * @param low the least, above 0
     * @param high the greatest, above {@code low}
     * @return the setting
     * @throws IllegalArgumentException if the bounds are not such numbers
     */
    public static Hyperparameter<Double> logUniform(String name, double low, double high) {
        requireBounds(name, low > 0 && high > low && Double.isFinite(high), "0 < low < high", low, high);
        double logLow = StrictMath.log(low);
        double logHigh = StrictMath.log(high);
        return new Hyperparameter<>(
                name,
                "logUniform(" + low + ", " + high + ")",
                u -> Math.min(high, Math.max(low, StrictMath.exp(logLow + u * (logHigh - logLow)))));
    }

    /**
     * A number between two, all as likely.
     *
     * @param name its name in results, {@code weightDecay} for instance
     * @param low the least
     * @param high the greatest, above {@code low}
     * @return the setting
     * @throws IllegalArgumentException if the bounds are not such numbers
     */
    public static Hyperparameter<Double> uniform(String name, double low, double high) {
        requireBounds(name, high > low && Double.isFinite(high - low), "low < high", low, high);
        return new Hyperparameter<>(name, "uniform(" + low + ", " + high + ")", u -> low + u * (high - low));
    }

    /**
     * A whole number from one to another, all as likely.
     *
     * @param name its name in results, {@code numTrainEpochs} for instance
     * @param low the least
     * @param high the greatest, itself included
     * @return the setting
     * @throws IllegalArgumentException if {@code high} is below {@code low}
     */
    public static Hyperparameter<Integer> ints(String name, int low, int high) {
        requireBounds(name, high >= low, "low <= high", low, high);
        long count = 1L + high - low;
        return new Hyperparameter<>(name, "ints(" + low + ", " + high + ")", u -> (int) (low + (long) (u * count)));
    }

    /**
     * One of these, all as likely.
     *
     * @param name its name in results, {@code perDeviceTrainBatchSize} for instance
     * @param values one or more
     * @param <T> value
     * @return the setting
     * @throws IllegalArgumentException if there are no values
     */
    @SafeVarargs
    public static <T> Hyperparameter<T> choice(String name, T... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException(name + ": no values to choose from");
        }
        List<T> all = List.of(values);
        return new Hyperparameter<>(name, "choice" + all, u -> all.get((int) (u * all.size())));
    }

    /**
     * What results call it.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** The value of a trial: the same for the same seed, trial and name, on every machine and whatever else is drawn. */
    T draw(long seed, int trial) {
        return Objects.requireNonNull(draw.apply(uniform(seed, trial, name)));
    }

    /** A number from 0 to below 1. SplitMix64 (Steele, Lea and Flood, 2014) over all three. */
    private static double uniform(long seed, int trial, String name) {
        long bits = mix(mix(mix(seed) + trial) + name.hashCode());
        return (bits >>> 11) * 0x1p-53;
    }

    private static long mix(long state) {
        long z = state + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static void requireBounds(String name, boolean holds, String expected, Number low, Number high) {
        if (!holds) {
            throw new IllegalArgumentException(
                    name + ": low is " + low + " and high is " + high + ", expected " + expected);
        }
    }

    /**
     * The name and the values.
     *
     * @return {@code learningRate logUniform(1.0E-5, 0.001)}
     */
    @Override
    public String toString() {
        return name + " " + values;
    }
}
