package io.bertfinetune.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;

/** Another source, whose examples are read a window at a time and come out longest first. */
final class LengthWindows<E> implements ExampleSource<E> {
    private final ExampleSource<E> source;
    private final Collator<E> collator;
    private final int batchSize;
    private final long window;
    private final Queue<E> sorted = new ArrayDeque<>();
    private long read;

    /**
     * Windows of so many batches.
     *
     * @param collator knows the lengths; where it does not, examples stay as they are
     */
    LengthWindows(ExampleSource<E> source, Collator<E> collator, int batchSize, int batches) {
        this.source = source;
        this.collator = collator;
        this.batchSize = batchSize;
        this.window = (long) batchSize * batches;
    }

    @Override
    public boolean hasNext() {
        return !sorted.isEmpty() || source.hasNext();
    }

    @Override
    public E next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (sorted.isEmpty()) {
            readWindow();
        }
        return sorted.remove();
    }

    private void readWindow() {
        List<E> examples = new ArrayList<>();
        while (examples.size() < window && source.hasNext()) {
            examples.add(BatchMaker.notNull(source.next(), read++));
        }
        Optional<int[]> lengths =
                examples.size() > batchSize ? TokenCounts.of(examples, collator) : Optional.empty(); // one batch anyway
        if (lengths.isEmpty()) {
            sorted.addAll(examples);
            return;
        }
        for (int place : LengthGroups.longestFirst(examples.size(), i -> lengths.get()[i])) {
            sorted.add(examples.get(place));
        }
    }

    /** Whole windows are passed over unread, as every window has the same examples in any order. */
    @Override
    public long skip(long count) {
        long skipped = sorted.isEmpty() ? source.skip(count / window * window) : 0;
        read += skipped;
        while (skipped < count && hasNext()) {
            next();
            skipped++;
        }
        return skipped;
    }

    @Override
    public boolean isInterruptible() {
        return source.isInterruptible();
    }

    @Override
    public void close() {
        source.close();
    }
}
