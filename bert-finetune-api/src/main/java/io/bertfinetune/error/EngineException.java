package io.bertfinetune.error;

/** The runtime that computes could not be found, could not start, or failed. */
public class EngineException extends BertFineTuneException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without an underlying one.
     *
     * @param message what went wrong and where, what was expected and what was found
     */
    public EngineException(String message) {
        super(message);
    }

    /**
     * An error that another one caused.
     *
     * @param message what went wrong and where, what was expected and what was found
     * @param cause the underlying error
     */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
