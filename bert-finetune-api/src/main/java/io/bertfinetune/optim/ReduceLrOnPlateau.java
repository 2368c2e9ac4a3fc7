package io.bertfinetune.optim;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Lowers the learning rate when a metric stops getting better: PyTorch's {@code ReduceLROnPlateau}, with its settings.
 * A pure function of the evaluations there were, see {@link Progress#evaluations}; it has no warm-up.
 *
 * <pre>{@code
 * .lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau().mode(Mode.MAX).factor(0.5).patience(2))
 * }</pre>
 *
 * @param mode which way the metric gets better; {@code MIN} unless said
 * @param factor what the learning rate is multiplied by each time, 0 to below 1; 0.1 unless said
 * @param patience how many evaluations in a row may be no better, 0 or more; 10 unless said
 * @param threshold by how much a value must differ to be better, 0 or more; 1e-4 unless said
 * @param thresholdMode what the threshold is measured in; {@code REL} unless said
 * @param cooldown how many evaluations after a reduction do not count, 0 or more; 0 unless said
 * @param minLr the learning rate it does not fall below, 0 or more; 0 unless said
 * @param eps a change of the learning rate up to this is not made, 0 or more; 1e-8 unless said
 */
public record ReduceLrOnPlateau(
        Mode mode,
        double factor,
        int patience,
        double threshold,
        ThresholdMode thresholdMode,
        int cooldown,
        double minLr,
        double eps)
        implements LearningRateSchedule {
    static final String TYPE = "reduce_lr_on_plateau";

    /** PyTorch's settings. */
    static final ReduceLrOnPlateau DEFAULTS =
            new ReduceLrOnPlateau(Mode.MIN, 0.1, 10, 1e-4, ThresholdMode.REL, 0, 0, 1e-8);

    /** Which way a metric gets better. */
    public enum Mode {
        /** Less is better, as of a loss. */
        MIN,
        /** More is better, as of accuracy. */
        MAX
    }

    /** What a threshold is measured in. */
    public enum ThresholdMode {
        /** In shares of the best value. */
        REL,
        /** In the unit of the metric. */
        ABS
    }

    /**
     * Checks the settings.
     *
     * @param mode which way the metric gets better
     * @param factor what the learning rate is multiplied by
     * @param patience how many evaluations may be no better
     * @param threshold by how much a value must differ
     * @param thresholdMode what the threshold is measured in
     * @param cooldown how many evaluations do not count
     * @param minLr the lowest learning rate
     * @param eps the smallest change
     */
    public ReduceLrOnPlateau {
        if (!(factor >= 0 && factor < 1)) {
            throw new IllegalArgumentException(TYPE + ": factor is " + factor + ", expected 0 to below 1");
        }
        requireFromZero("patience", patience);
        requireFromZero("threshold", threshold);
        requireFromZero("cooldown", cooldown);
        requireFromZero("min_lr", minLr);
        requireFromZero("eps", eps);
    }

    /**
     * The same for a metric that gets better this way.
     *
     * @param better which way
     * @return a new schedule
     */
    public ReduceLrOnPlateau mode(Mode better) {
        return new ReduceLrOnPlateau(better, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /**
     * The same with larger or smaller reductions.
     *
     * @param share what the learning rate is multiplied by each time, 0 to below 1
     * @return a new schedule
     */
    public ReduceLrOnPlateau factor(double share) {
        return new ReduceLrOnPlateau(mode, share, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /**
     * The same with more or less patience.
     *
     * @param evaluations how many in a row may be no better; the one after them lowers the learning rate
     * @return a new schedule
     */
    public ReduceLrOnPlateau patience(int evaluations) {
        return new ReduceLrOnPlateau(mode, factor, evaluations, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /**
     * The same with another threshold.
     *
     * @param difference by how much a value must differ to be better, 0 or more
     * @param measure what that is measured in
     * @return a new schedule
     */
    public ReduceLrOnPlateau threshold(double difference, ThresholdMode measure) {
        return new ReduceLrOnPlateau(mode, factor, patience, difference, measure, cooldown, minLr, eps);
    }

    /**
     * The same with a pause after each reduction.
     *
     * @param evaluations how many do not count
     * @return a new schedule
     */
    public ReduceLrOnPlateau cooldown(int evaluations) {
        return new ReduceLrOnPlateau(mode, factor, patience, threshold, thresholdMode, evaluations, minLr, eps);
    }

    /**
     * The same with a lowest learning rate.
     *
     * @param rate the rate, not a factor, 0 or more
     * @return a new schedule
     */
    public ReduceLrOnPlateau minLr(double rate) {
        return new ReduceLrOnPlateau(mode, factor, patience, threshold, thresholdMode, cooldown, rate, eps);
    }

    @Override
    public double curve(Progress progress) {
        double base = progress.baseLearningRate();
        double rate = base;
        double best = mode == Mode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        int bad = 0;
        int pause = 0;
        for (double value : progress.evaluations()) {
            if (isBetter(value, best)) {
                best = value;
                bad = 0;
            } else {
                bad++;
            }
            if (pause > 0) {
                pause--;
                bad = 0;
            }
            if (bad > patience) {
                double lower = Math.max(rate * factor, minLr);
                if (rate - lower > eps) {
                    rate = lower;
                }
                pause = cooldown;
                bad = 0;
            }
        }
        return rate / base;
    }

    /** The curve from the first step on. */
    @Override
    public double factor(Progress progress) {
        return curve(progress);
    }

    private boolean isBetter(double value, double best) {
        return switch (thresholdMode) {
            case REL -> mode == Mode.MIN ? value < best * (1 - threshold) : value > best * (threshold + 1);
            case ABS -> mode == Mode.MIN ? value < best - threshold : value > best + threshold;
        };
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Map<String, Object> kwargs() {
        Map<String, Object> all = all();
        all.entrySet().removeAll(DEFAULTS.all().entrySet());
        return all;
    }

    private Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("mode", mode.name().toLowerCase(Locale.ROOT));
        all.put("factor", factor);
        all.put("patience", patience);
        all.put("threshold", threshold);
        all.put("threshold_mode", thresholdMode.name().toLowerCase(Locale.ROOT));
        all.put("cooldown", cooldown);
        all.put("min_lr", minLr);
        all.put("eps", eps);
        return all;
    }

    private static void requireFromZero(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(TYPE + ": " + name + " is " + value + ", expected a number from 0");
        }
    }
}
