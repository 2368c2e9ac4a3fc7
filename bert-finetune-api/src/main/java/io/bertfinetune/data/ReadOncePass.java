package io.bertfinetune.data;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** What every kind of pass has in common: it is read once, and no longer after it was closed. */
abstract class ReadOncePass<E> implements DataLoader.Pass<E> {
    private boolean begun;
    private volatile boolean closed;

    /** Called before the first batch is asked for. */
    void begin() {}

    /** The next batch; empty at the end, however often it is asked for. */
    abstract Optional<Batch<E>> nextBatch();

    /** Called by each {@link #close}. */
    abstract void end();

    @Override
    public final synchronized Iterator<Batch<E>> iterator() {
        requireOpen();
        if (begun) {
            throw new IllegalStateException("a pass is read once; DataLoader.epoch(…) gives another");
        }
        begun = true;
        begin();
        return new Batches();
    }

    @Override
    public final synchronized void close() {
        closed = true;
        end();
    }

    final boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this pass is closed; DataLoader.epoch(…) gives another");
        }
    }

    private final class Batches implements Iterator<Batch<E>> {
        private Optional<Batch<E>> next = Optional.empty();

        @Override
        public boolean hasNext() {
            requireOpen();
            if (next.isEmpty()) {
                next = nextBatch();
                requireOpen();
            }
            return next.isPresent();
        }

        @Override
        public Batch<E> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Batch<E> batch = next.get();
            next = Optional.empty();
            return batch;
        }
    }
}
