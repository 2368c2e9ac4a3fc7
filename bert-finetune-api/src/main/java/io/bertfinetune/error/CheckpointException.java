package io.bertfinetune.error;

/** A checkpoint that cannot be written, or that is damaged or belongs to another run. */
public class CheckpointException extends BertFineTuneException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without an underlying one.
     *
     * @param message what went wrong and where, what was expected and what was found
     */
    public CheckpointException(String message) {
        super(message);
    }

    /**
     * An error that another one caused.
     *
     * @param message what went wrong and where, what was expected and what was found
     * @param cause the underlying error
     */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
