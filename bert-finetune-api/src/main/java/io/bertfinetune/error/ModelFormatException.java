package io.bertfinetune.error;

/** A model folder or file that is not what it should be; the message names the file and the part of it. */
public class ModelFormatException extends BertFineTuneException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without an underlying one.
     *
     * @param message what went wrong and where, what was expected and what was found
     */
    public ModelFormatException(String message) {
        super(message);
    }

    /**
     * An error that another one caused.
     *
     * @param message what went wrong and where, what was expected and what was found
     * @param cause the underlying error
     */
    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
