package io.bertfinetune.error;

/**
 * A SIGTERM ended a run with {@code enableJitCheckpoint}: the machine is about to be taken away, and nothing is to be begun
 * any more. A checkpoint was saved if there was a step to save.
 */
public class TerminatedException extends BertFineTuneException {
    private static final long serialVersionUID = 1L;

    /**
     * The end of a run.
     *
     * @param message after which step it ended, and how to go on
     */
    public TerminatedException(String message) {
        super(message);
    }
}
