package io.bertfinetune.error;

/**
 * A training loss that became NaN or infinite. The run ends instead of training a dead model; weights of the last whole
 * step stay as they were.
 */
public class NonFiniteLossException extends BertFineTuneException {
    private static final long serialVersionUID = 1L;

    /** The optimizer step, from 1. */
    private final long step;

    /**
     * A loss that is not finite.
     *
     * @param step the optimizer step it happened in, from 1
     * @param loss the loss that was found
     */
    public NonFiniteLossException(long step, double loss) {
        super("loss is " + loss + " in step " + step
                + "; lower the learning rate, or look for examples it cannot learn");
        this.step = step;
    }

    private NonFiniteLossException(String message, long step) {
        super(message);
        this.step = step;
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
                "the norm of the gradients is " + norm + " in step " + step + "; lower the learning rate", step);
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
