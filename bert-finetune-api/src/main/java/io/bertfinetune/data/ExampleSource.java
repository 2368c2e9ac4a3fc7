package io.bertfinetune.data;

import java.util.Iterator;

/** The examples of one epoch, in order. */
interface ExampleSource<E> extends Iterator<E>, AutoCloseable {
    /**
     * Passes over examples.
     *
     * @return how many there were, {@code count} at most
     */
    long skip(long count);

    /** Whether it belongs to this epoch alone, so that an interrupt, which may close a channel, harms no other. */
    boolean isInterruptible();

    @Override
    void close();
}
