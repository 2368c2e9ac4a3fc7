package io.bertfinetune.error;

/** The root of every exception this library defines. */
public class BertFineTuneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without an underlying one.
     *
     * @param message what went wrong and where, what was expected and what was found
     */
    public BertFineTuneException(String message) {
        super(message);
    }

    /**
     * An error that another one caused.
     *
     * @param message what went wrong and where, what was expected and what was found
     * @param cause the underlying error
     */
    public BertFineTuneException(String message, Throwable cause) {
        super(message, cause);
    }
}
