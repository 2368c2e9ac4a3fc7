package io.bertfinetune.benchmarks;

import java.util.Objects;

/** A side of a comparison that did not do its work; the message ends with what it wrote last. */
final class SideException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 240;

    SideException(String message) {
        super(message);
    }

    SideException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The last line that says something, for a table. */
    String reason() {
        String last = Objects.requireNonNullElse(getMessage(), "")
                .lines()
                .filter(line -> !line.isBlank())
                .reduce("", (before, line) -> line.strip());
        return last.length() > LONGEST ? last.substring(0, LONGEST) + "…" : last;
    }
}
