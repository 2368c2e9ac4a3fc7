package io.bertfinetune.error;

/** Data that cannot be read or does not fit the task; the message names file, line and column. */
public class DataException extends BertFineTuneException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without an underlying one.
     *
     * @param message what went wrong and where, what was expected and what was found
     */
    public DataException(String message) {
        super(message);
    }

    /**
     * An error that another one caused.
     *
     * @param message what went wrong and where, what was expected and what was found
     * @param cause the underlying error
     */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
