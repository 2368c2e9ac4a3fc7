package io.bertfinetune.error;

/**
 * Memory that a computation needs and that there is not, on the machine or the device. The call that threw it has changed
 * nothing: the same call with a smaller batch may go through, which is what {@code autoFindBatchSize} does.
 */
public class AllocationException extends EngineException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without an underlying one.
     *
     * @param message what did not fit and what can be done
     */
    public AllocationException(String message) {
        super(message);
    }

    /**
     * An error that another one caused.
     *
     * @param message what did not fit and what can be done
     * @param cause the underlying error
     */
    public AllocationException(String message, Throwable cause) {
        super(message, cause);
    }
}
