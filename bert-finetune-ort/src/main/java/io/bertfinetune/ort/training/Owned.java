package io.bertfinetune.ort.training;

import com.google.common.io.Closer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** What something has opened: closed together, the latest first, each though another does not close. */
final class Owned implements AutoCloseable {
    private final Closer closer = Closer.create();

    /** Takes a thing and the way to close it. */
    <T> T add(T thing, Consumer<? super T> close) {
        closer.register(() -> close.accept(thing));
        return thing;
    }

    /** Closes what was opened before a failure, which the caller goes on to throw. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Closes all. Closing twice does nothing. */
    @Override
    public void close() {
        try {
            closer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
