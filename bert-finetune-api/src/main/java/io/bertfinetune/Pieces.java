package io.bertfinetune;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.error.AllocationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Batches, worked on in pieces that fit into memory if {@code autoFindBatchSize} allows it. */
final class Pieces<E> {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);

    private final Collator<E> collator;
    private final String batchSize;
    private final boolean allowed;
    private int limit;

    /**
     * Whole batches to begin with.
     *
     * @param batchSize the argument that says how large a batch is
     * @param allowed whether they may be cut
     */
    Pieces(Collator<E> collator, String batchSize, boolean allowed) {
        this.collator = collator;
        this.batchSize = batchSize;
        this.allowed = allowed;
    }

    /** How many examples a piece has at most; 0 for whole batches. */
    int limit() {
        return limit;
    }

    /** Goes on where a run stood. */
    void restore(int limitBefore) {
        limit = limitBefore;
    }

    /**
     * What is found in each piece, in order. A piece that does not fit is halved, and so is every one after it.
     *
     * @throws AllocationException if that is not allowed, or a single example does not fit
     */
    <R> List<R> each(Batch<E> batch, Function<Batch<E>, R> action) {
        List<R> found = new ArrayList<>();
        int done = 0;
        while (done < batch.size()) {
            int count = Math.min(limit == 0 ? batch.size() : limit, batch.size() - done);
            try {
                found.add(action.apply(piece(batch, done, count)));
                done += count;
            } catch (AllocationException e) {
                halve(count, e);
            }
        }
        return found;
    }

    private Batch<E> piece(Batch<E> batch, int from, int count) {
        return count == batch.size() ? batch : collator.collate(batch.examples().subList(from, from + count));
    }

    private void halve(int count, AllocationException cause) {
        if (!allowed) {
            throw new AllocationException(
                    "a batch of " + count + " examples does not fit into memory: " + cause.getMessage() + "; lower "
                            + batchSize + ", or say autoFindBatchSize(true)",
                    cause);
        }
        if (count == 1) {
            throw new AllocationException(
                    "not even one example fits into memory: " + cause.getMessage()
                            + "; lower maxLength where the model is opened, or take a smaller model",
                    cause);
        }
        limit = count / 2;
        log.warn(
                "autoFindBatchSize: {} examples at a time do not fit into memory ({}); going on with {} at a time,"
                        + " {} stays what it is",
                count,
                cause.getMessage(),
                limit,
                batchSize);
    }
}
