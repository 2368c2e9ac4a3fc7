package io.bertfinetune;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.IndexedDataset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Something and its place in a data set, so that it can be put back there after it went through a model in another order.
 *
 * @param place from 0
 * @param value what is there
 */
record Placed<T>(long place, T value) {
    /** Every element of a data set with its place. */
    static <E> Dataset<Placed<E>> all(Dataset<E> data) {
        if (data instanceof IndexedDataset<E> indexed) {
            return new Indexed<>(indexed);
        }
        return () -> {
            AtomicLong next = new AtomicLong();
            return data.stream().sequential().map(element -> new Placed<>(next.getAndIncrement(), element));
        };
    }

    /** Makes the batches that another collator makes of the same examples. */
    static <E> Collator<Placed<E>> collator(Collator<E> collator) {
        return new Collator<>() {
            @Override
            public Batch<Placed<E>> collate(List<Placed<E>> examples) {
                return new Batch<>(examples, collator.collate(values(examples)).tensors());
            }

            @Override
            public Optional<int[]> lengths(List<Placed<E>> examples) {
                return collator.lengths(values(examples));
            }
        };
    }

    /** The batch without places. */
    static <E> Batch<E> batch(Batch<Placed<E>> placed) {
        return new Batch<>(values(placed.examples()), placed.tensors());
    }

    private static <E> List<E> values(List<Placed<E>> placed) {
        return placed.stream().map(Placed::value).toList();
    }

    private record Indexed<E>(IndexedDataset<E> data) implements IndexedDataset<Placed<E>> {
        @Override
        public int count() {
            return data.count();
        }

        @Override
        public Placed<E> get(int index) {
            return new Placed<>(index, data.get(index));
        }
    }
}
