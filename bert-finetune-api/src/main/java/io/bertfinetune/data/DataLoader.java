package io.bertfinetune.data;

import com.google.common.base.Suppliers;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Feeds a data set to a model, batch by batch; PyTorch's {@code DataLoader}. Does not change: each setting gives a new
 * loader.
 *
 * <pre>{@code
 * var train = DataLoader.of(data, model.collator(Padding.LONGEST)).batchSize(32).sampler(Sampler.random());
 * for (int epoch = 0; epoch < 3; epoch++) {
 *     try (var batches = train.epoch(epoch)) {
 *         for (var batch : batches) {
 *             …
 *         }
 *     }
 * }
 * }</pre>
 *
 * @param <E> example
 */
public final class DataLoader<E> {
    private final Dataset<E> data;
    private final Collator<E> collator;
    private final int batchSize;
    private final Sampler sampler;
    private final long seed;
    private final boolean dropLast;
    private final int prefetch;
    private final int lengthWindow;
    private final Supplier<int[]> lengths;

    private DataLoader(
            Dataset<E> data,
            Collator<E> collator,
            int batchSize,
            Sampler sampler,
            long seed,
            boolean dropLast,
            int prefetch,
            int lengthWindow,
            Supplier<int[]> lengths) {
        this.data = Objects.requireNonNull(data, "data");
        this.collator = Objects.requireNonNull(collator, "collator");
        this.batchSize = batchSize;
        this.sampler = Objects.requireNonNull(sampler, "sampler");
        this.seed = seed;
        this.dropLast = dropLast;
        this.prefetch = prefetch;
        this.lengthWindow = lengthWindow;
        this.lengths = lengths;
        if (batchSize < 1) {
            throw new IllegalArgumentException("DataLoader: batchSize is " + batchSize + ", expected 1 or more");
        }
        if (prefetch < 0) {
            throw new IllegalArgumentException("DataLoader: prefetch is " + prefetch + ", expected 0 or more batches");
        }
        if (lengthWindow < 0) {
            throw new IllegalArgumentException(
                    "DataLoader: lengthWindow is " + lengthWindow + ", expected 0 or more batches");
        }
        if (data instanceof IndexedDataset<E> indexed) {
            if (indexed.count() == 0) {
                throw new IllegalArgumentException("DataLoader: the data set is empty, expected at least one example");
            }
        } else if (sampler != Sampler.sequential()) {
            throw new IllegalArgumentException("DataLoader: sampler is " + sampler.type()
                    + ", but this data set is a stream, which is read in order only; expected an IndexedDataset,"
                    + " Dataset.of(list) for instance");
        }
    }

    /**
     * A loader that reads in order, 8 examples at a time, and makes 2 batches ahead.
     *
     * @param data the examples
     * @param collator what makes batches of them, {@code model.collator(Padding.LONGEST)} for instance
     * @param <E> example
     * @return the loader
     * @throws IllegalArgumentException if {@code data} is known to be empty
     */
    public static <E> DataLoader<E> of(Dataset<E> data, Collator<E> collator) {
        Supplier<int[]> lengths = Suppliers.memoize(() -> TokenCounts.of((IndexedDataset<E>) data, collator));
        return new DataLoader<>(data, collator, 8, Sampler.sequential(), 42, false, 2, 0, lengths);
    }

    /**
     * How many examples go into a batch; the last one may have fewer.
     *
     * @param batchSize 1 or more; 8 unless set
     * @return a new loader
     * @throws IllegalArgumentException if it is below 1
     */
    public DataLoader<E> batchSize(int batchSize) {
        return new DataLoader<>(data, collator, batchSize, sampler, seed, dropLast, prefetch, lengthWindow, lengths);
    }

    /**
     * The order of an epoch.
     *
     * @param sampler the order; {@link Sampler#sequential} unless set
     * @return a new loader
     * @throws IllegalArgumentException if the data set is not an {@link IndexedDataset} and the order is another
     */
    public DataLoader<E> sampler(Sampler sampler) {
        return new DataLoader<>(data, collator, batchSize, sampler, seed, dropLast, prefetch, lengthWindow, lengths);
    }

    /**
     * The seed of the order.
     *
     * @param seed any number; 42 unless set
     * @return a new loader
     */
    public DataLoader<E> seed(long seed) {
        return new DataLoader<>(data, collator, batchSize, sampler, seed, dropLast, prefetch, lengthWindow, lengths);
    }

    /**
     * Whether a last batch with fewer examples is left out.
     *
     * @param dropLast true to leave it out; false unless set
     * @return a new loader
     */
    public DataLoader<E> dropLast(boolean dropLast) {
        return new DataLoader<>(data, collator, batchSize, sampler, seed, dropLast, prefetch, lengthWindow, lengths);
    }

    /**
     * How many batches are made ahead, on a thread of the pass, while the model computes. The batches and their order
     * are the same for every number.
     *
     * @param batches 0 makes each batch when it is asked for, on the caller's thread; 2 unless set
     * @return a new loader
     * @throws IllegalArgumentException if it is below 0
     */
    public DataLoader<E> prefetch(int batches) {
        return new DataLoader<>(data, collator, batchSize, sampler, seed, dropLast, batches, lengthWindow, lengths);
    }

    /**
     * How many batches are read at once and made of examples of similar length, longest first; less padding, for as much
     * memory as the examples of so many batches take. What is in a window, the {@link #sampler} decides; how long an
     * example is, {@link Collator#lengths}, and if that cannot say, examples stay in their order. For predictions, whose
     * order does not matter; to train, {@link Sampler#groupByLength} shuffles as well.
     *
     * @param batches the window, 50 for instance; 0 keeps the sampler's order, as it is unless set
     * @return a new loader
     * @throws IllegalArgumentException if it is below 0
     */
    public DataLoader<E> lengthWindow(int batches) {
        return new DataLoader<>(data, collator, batchSize, sampler, seed, dropLast, prefetch, batches, lengths);
    }

    /**
     * How many batches an epoch has.
     *
     * @return the number; 0 only if {@code dropLast} leaves none
     * @throws IllegalStateException if the data set does not know its size
     */
    public int batches() {
        long examples = data instanceof IndexedDataset<E> indexed ? order(indexed, 0).length : streamSize();
        return Math.toIntExact(batches(examples));
    }

    /**
     * One pass over an epoch.
     *
     * @param number which epoch, from 0
     * @return its batches; close it, whether it was read to the end or not
     * @throws IllegalArgumentException if {@code number} is below 0, if the sampler gives numbers there are no examples
     *     for, or if there is no batch to make
     */
    public Pass<E> epoch(int number) {
        return epoch(number, 0);
    }

    /**
     * One pass over the rest of an epoch. The batches before it are not made, but the same batches follow as in a whole
     * pass.
     *
     * @param number which epoch, from 0
     * @param firstBatch the batch to begin with, from 0; if it is {@link #batches}, nothing is left
     * @return its batches; close it, whether it was read to the end or not
     * @throws IllegalArgumentException as for {@link #epoch(int)}, or if the epoch has fewer batches
     */
    public Pass<E> epoch(int number, int firstBatch) {
        if (number < 0 || firstBatch < 0) {
            throw new IllegalArgumentException(
                    "DataLoader: epoch is " + number + " and first batch is " + firstBatch + ", expected 0 or more");
        }
        ExampleSource<E> source = source(number, firstBatch);
        if (lengthWindow > 0) {
            source = new LengthWindows<>(source, collator, batchSize, lengthWindow);
        }
        BatchMaker<E> maker = new BatchMaker<>(source, collator, batchSize, dropLast, firstBatch);
        return prefetch == 0 ? new DirectPass<>(maker) : new PrefetchingPass<>(maker, prefetch);
    }

    private ExampleSource<E> source(int number, int firstBatch) {
        if (!(data instanceof IndexedDataset<E> indexed)) {
            return new StreamSource<>(data);
        }
        int[] order = order(indexed, number);
        long batches = batches(order.length);
        if (batches == 0) {
            throw new IllegalArgumentException("DataLoader: epoch " + number + " has no batch; it visits "
                    + order.length + " examples, batchSize is " + batchSize + " and dropLast is " + dropLast);
        }
        if (firstBatch > batches) {
            throw new IllegalArgumentException("DataLoader: first batch is " + firstBatch + ", expected 0 to " + batches
                    + ", the batches of epoch " + number);
        }
        return new IndexedSource<>(indexed, order);
    }

    private int[] order(IndexedDataset<E> indexed, int number) {
        int count = indexed.count();
        Sampler.Epoch epoch =
                Sampler.Epoch.of(number, seed, count).batchSize(batchSize).lengths(lengths);
        int[] order = sampler.order(epoch).clone();
        for (int position = 0; position < order.length; position++) {
            if (order[position] < 0 || order[position] >= count) {
                throw new IllegalArgumentException("Sampler " + sampler.type() + ": the order of epoch " + number
                        + " has " + order[position] + " at position " + position + ", expected 0 to " + (count - 1)
                        + "; there are " + count + " examples");
            }
        }
        return order;
    }

    private long batches(long examples) {
        return dropLast ? examples / batchSize : (examples + batchSize - 1) / batchSize;
    }

    private long streamSize() {
        return data.size()
                .orElseThrow(() -> new IllegalStateException("DataLoader: the data set does not know its size;"
                        + " to count batches, override Dataset.size(); without, train for a number of steps"));
    }

    /**
     * The batches of one epoch, to be read once. Closing it ends its thread and frees what it reads from, also when
     * batches are left; an exception of the data set or the collator comes out of the iterator as it was thrown.
     *
     * <p>For one thread; {@link #close} may be called from another.
     *
     * @param <E> example
     */
    public interface Pass<E> extends Iterable<Batch<E>>, AutoCloseable {
        /** Ends the pass and waits until its thread has ended. Closing twice does nothing. */
        @Override
        void close();
    }
}
