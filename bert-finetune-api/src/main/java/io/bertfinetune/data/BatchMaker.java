package io.bertfinetune.data;

import io.bertfinetune.error.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Takes examples from a source and makes batches of them, one after the other. For one thread at a time. */
final class BatchMaker<E> implements AutoCloseable {
    private final ExampleSource<E> source;
    private final Collator<E> collator;
    private final int batchSize;
    private final boolean dropLast;
    private final int firstBatch;
    private boolean started;
    private long batches;
    private long examples;

    BatchMaker(ExampleSource<E> source, Collator<E> collator, int batchSize, boolean dropLast, int firstBatch) {
        this.source = source;
        this.collator = collator;
        this.batchSize = batchSize;
        this.dropLast = dropLast;
        this.firstBatch = firstBatch;
    }

    /** The next batch, or empty at the end of the epoch. */
    Optional<Batch<E>> next() {
        if (!started) {
            started = true;
            skipToFirstBatch();
        }
        List<E> chunk = chunk();
        if (chunk.isEmpty() || (dropLast && chunk.size() < batchSize)) {
            requireSomeBatch();
            return Optional.empty();
        }
        batches++;
        return Optional.of(collator.collate(chunk));
    }

    boolean isInterruptible() {
        return source.isInterruptible();
    }

    private void skipToFirstBatch() {
        examples = source.skip((long) firstBatch * batchSize);
        batches = dropLast ? examples / batchSize : (examples + batchSize - 1) / batchSize;
        if (batches < firstBatch) {
            throw new IllegalArgumentException("DataLoader: first batch is " + firstBatch + ", expected 0 to " + batches
                    + "; the data set has " + examples + " examples");
        }
    }

    private List<E> chunk() {
        List<E> chunk = new ArrayList<>();
        while (chunk.size() < batchSize && source.hasNext()) {
            chunk.add(notNull(source.next(), examples++));
        }
        return Collections.unmodifiableList(chunk);
    }

    static <E> E notNull(E example, long position) {
        return Objects.requireNonNull(example, () -> "DataLoader: example " + position + " of the epoch is null");
    }

    private void requireSomeBatch() {
        if (batches == 0) {
            throw new DataException("DataLoader: no batch to make; the data set gave " + examples
                    + " examples, batchSize is " + batchSize + " and dropLast is " + dropLast);
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
