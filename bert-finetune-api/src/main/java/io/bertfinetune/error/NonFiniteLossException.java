package io.bertfinetune.error;

import java.util.Optional;

/**
 * A training loss that became NaN or infinite. The run ends instead of training a dead model; weights of the last whole
 * step stay as they were.
 */
public class NonFiniteLossException extends BertFineTuneException {
    private static final long serialVersionUID = 1L;

    /** The optimizer step, from 1. */
    private final long step;

    /** The first tensor that was not finite; empty if none was looked for. */
    private final String tensor;

    /**
     * A loss that is not finite.
     *
     * @param step the optimizer step it happened in, from 1
     * @param loss the loss that was found
     */
    public NonFiniteLossException(long step, double loss) {
        this(
                "loss is " + loss + " in step " + step
                        + "; lower the learning rate, or look for examples it cannot learn",
                step,
                "");
    }

    private NonFiniteLossException(String message, long step, String tensor) {
        super(message);
        this.step = step;
        this.tensor = tensor;
    }

    /**
     * Gradients that are not finite though the loss still is.
     *
     * @param step the optimizer step they were computed for, from 1
     * @param norm the norm that was found
     * @return the exception
     */
    public static NonFiniteLossException ofGradient(long step, double norm) {
        return new NonFiniteLossException(
                "the norm of the gradients is " + norm + " in step " + step + "; lower the learning rate", step, "");
    }

    /**
     * The same, knowing where it began; {@code debug(DebugOption.UNDERFLOW_OVERFLOW)} looks for that.
     *
     * @param tensor what was the first not to be finite: {@code weight classifier.bias} for instance
     * @return a new exception
     */
    public NonFiniteLossException firstIn(String tensor) {
        NonFiniteLossException told =
                new NonFiniteLossException(getMessage() + "; the first that is not finite is " + tensor, step, tensor);
        told.setStackTrace(getStackTrace());
        return told;
    }

    /**
     * The first tensor that was not finite, in the order of the computation.
     *
     * @return its name; empty if none was looked for, or found
     */
    public Optional<String> tensor() {
        return Optional.of(tensor).filter(name -> !name.isEmpty());
    }

    /**
     * The optimizer step the loss was computed in.
     *
     * @return the step, from 1
     */
    public long step() {
        return step;
    }
}
