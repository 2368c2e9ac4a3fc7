package io.bertfinetune.model;

import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterGroups;
import java.util.Objects;
import java.util.Set;

/** How a model is trained, apart from the data: what a {@link TrainingSession} is opened with. Does not change. */
public final class SessionOptions {
    private final Optimizer optimizer;
    private final double weightDecay;
    private final ParameterGroups parameterGroups;
    private final double labelSmoothingFactor;
    private final long seed;
    private final Precision precision;
    private final Set<DebugOption> debug;

    private SessionOptions(
            Optimizer optimizer,
            double weightDecay,
            ParameterGroups parameterGroups,
            double labelSmoothingFactor,
            long seed,
            Precision precision,
            Set<DebugOption> debug) {
        this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
        this.weightDecay = weightDecay;
        this.parameterGroups = Objects.requireNonNull(parameterGroups, "parameterGroups");
        this.labelSmoothingFactor = labelSmoothingFactor;
        this.seed = seed;
        this.precision = Objects.requireNonNull(precision, "precision");
        this.debug = Set.copyOf(debug);
    }

    /**
     * This optimizer, no weight decay, every parameter at one learning rate, no label smoothing, seed 42,
     * products in 32 bits.
     *
     * @param optimizer the rule by which weights change
     * @return the options
     */
    public static SessionOptions of(Optimizer optimizer) {
        return new SessionOptions(optimizer, 0, ParameterGroups.standard(), 0, 42, Precision.FLOAT32, Set.of());
    }

    /**
     * The same with this weight decay for the parameters that decay: all but biases and LayerNorms, unless
     * {@link #parameterGroups(ParameterGroups)} excepts more.
     *
     * @param weightDecay 0 or more
     * @return new options
     * @throws IllegalArgumentException if it is below 0 or no finite number
     */
    public SessionOptions weightDecay(double weightDecay) {
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException("weightDecay is " + weightDecay + ", expected 0 or more");
        }
        return new SessionOptions(
                optimizer, weightDecay, parameterGroups, labelSmoothingFactor, seed, precision, debug);
    }

    /**
     * The same with these groups: which parameters train, how fast, and which decay.
     *
     * @param parameterGroups the groups
     * @return new options
     */
    public SessionOptions parameterGroups(ParameterGroups parameterGroups) {
        return new SessionOptions(
                optimizer, weightDecay, parameterGroups, labelSmoothingFactor, seed, precision, debug);
    }

    /**
     * The same with smoothed labels (Szegedy et al., 2016), Hugging Face's {@code label_smoothing_factor}: in training
     * the loss is (1 − factor) times that of the label plus factor times the mean of the losses of all labels. An
     * evaluation's loss is never smoothed.
     *
     * @param factor 0 to below 1
     * @return new options
     * @throws IllegalArgumentException if it is outside that range
     */
    public SessionOptions labelSmoothingFactor(double factor) {
        if (!(factor >= 0 && factor < 1)) {
            throw new IllegalArgumentException("labelSmoothingFactor is " + factor + ", expected 0 to below 1");
        }
        return new SessionOptions(optimizer, weightDecay, parameterGroups, factor, seed, precision, debug);
    }

    /**
     * The same with this seed for dropout and for a head that no checkpoint brought.
     *
     * @param seed any number
     * @return new options
     */
    public SessionOptions seed(long seed) {
        return new SessionOptions(
                optimizer, weightDecay, parameterGroups, labelSmoothingFactor, seed, precision, debug);
    }

    /**
     * The same with matrix products in this precision.
     *
     * @param precision a precision that the device has, see {@link Device#supports}; training refuses others when it starts
     * @return new options
     */
    public SessionOptions precision(Precision precision) {
        return new SessionOptions(
                optimizer, weightDecay, parameterGroups, labelSmoothingFactor, seed, precision, debug);
    }

    /**
     * The same, looking more closely.
     *
     * @param options at what; none to look at nothing
     * @return new options
     */
    public SessionOptions debug(Set<DebugOption> options) {
        return new SessionOptions(
                optimizer, weightDecay, parameterGroups, labelSmoothingFactor, seed, precision, options);
    }

    /**
     * The rule by which weights change.
     *
     * @return the optimizer
     */
    public Optimizer optimizer() {
        return optimizer;
    }

    /**
     * The weight decay of the parameters that decay.
     *
     * @return 0 or more
     */
    public double weightDecay() {
        return weightDecay;
    }

    /**
     * Which parameters train, how fast, and which decay.
     *
     * @return the groups
     */
    public ParameterGroups parameterGroups() {
        return parameterGroups;
    }

    /**
     * How much of a label's weight is spread over all labels in training.
     *
     * @return 0 to below 1
     */
    public double labelSmoothingFactor() {
        return labelSmoothingFactor;
    }

    /**
     * The seed of dropout and of a fresh head.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * The precision of matrix products.
     *
     * @return the precision
     */
    public Precision precision() {
        return precision;
    }

    /**
     * What is looked at more closely.
     *
     * @return the options; empty unless set
     */
    public Set<DebugOption> debug() {
        return debug;
    }
}
