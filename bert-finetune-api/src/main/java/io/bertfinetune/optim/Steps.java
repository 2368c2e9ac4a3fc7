package io.bertfinetune.optim;

import java.util.Locale;

/**
 * A number of optimizer steps, said outright or as a share of the run. Hugging Face has one number for both, of which 1
 * is one step and 0.99 nearly all of them.
 *
 * @param value the number of steps, or the share
 * @param isRatio whether {@code value} is a share of the run
 */
public record Steps(double value, boolean isRatio) {
    /**
     * Checks the range.
     *
     * @param value a whole number from 0, or a share from 0 to below 1
     * @param isRatio whether it is a share
     * @throws IllegalArgumentException if it is outside its range
     */
    public Steps {
        if (isRatio && !(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("Steps: ratio is " + value + ", expected 0 to below 1");
        }
        if (!isRatio && !(value >= 0 && value == Math.rint(value) && value <= 1L << 53)) {
            throw new IllegalArgumentException("Steps: " + value + " steps, expected a whole number from 0");
        }
    }

    /**
     * So many steps.
     *
     * @param steps 0 or more
     * @return the steps
     * @throws IllegalArgumentException if it is below 0
     */
    public static Steps of(long steps) {
        return new Steps(steps, false);
    }

    /**
     * A share of the run.
     *
     * @param ratio from 0 to below 1
     * @return the steps
     * @throws IllegalArgumentException if it is outside that range
     */
    public static Steps ratio(double ratio) {
        return new Steps(ratio, true);
    }

    /**
     * How many steps that is in a run.
     *
     * @param total the steps of the run
     * @return the number; a share is rounded up, as Hugging Face does
     */
    public long in(long total) {
        return isRatio ? (long) Math.ceil(value * total) : (long) value;
    }

    /**
     * The steps, for messages.
     *
     * @return {@code 500 steps} or {@code 10.0 % of the steps}
     */
    @Override
    public String toString() {
        return isRatio
                ? String.format(Locale.ROOT, "%.1f %% of the steps", 100 * value)
                : String.format(Locale.ROOT, "%d steps", (long) value);
    }
}
