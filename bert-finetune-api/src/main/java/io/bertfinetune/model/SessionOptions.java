package io.bertfinetune.model;

import io.bertfinetune.optim.Optimizer;
import java.util.Objects;

/** How a model is trained, apart from the data: what a {@link TrainingSession} is opened with. Does not change. */
public final class SessionOptions {
    private final Optimizer optimizer;
    private final double weightDecay;
    private final long seed;

    private SessionOptions(Optimizer optimizer, double weightDecay, long seed) {
        this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
        this.weightDecay = weightDecay;
        this.seed = seed;
    }

    /**
     * This optimizer, no weight decay, seed 42.
     *
     * @param optimizer the rule by which weights change
     * @return the options
     */
    public static SessionOptions of(Optimizer optimizer) {
        return new SessionOptions(optimizer, 0, 42);
    }

    /**
     * The same with this weight decay for the parameters that decay: all but biases and LayerNorms.
     *
     * @param weightDecay 0 or more
     * @return new options
     */
    public SessionOptions weightDecay(double weightDecay) {
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException("weightDecay is " + weightDecay + ", expected 0 or more");
        }
        return new SessionOptions(optimizer, weightDecay, seed);
    }

    /**
     * The same with this seed for dropout and for a head that no checkpoint brought.
     *
     * @param seed any number
     * @return new options
     */
    public SessionOptions seed(long seed) {
        return new SessionOptions(optimizer, weightDecay, seed);
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
     * The seed of dropout and of a fresh head.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }
}
