package io.bertfinetune.benchmarks;

/** A side of a comparison that did not do its work; the message ends with what it wrote last. */
final class SideException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SideException(String message) {
        super(message);
    }

    SideException(String message, Throwable cause) {
        super(message, cause);
    }
}
