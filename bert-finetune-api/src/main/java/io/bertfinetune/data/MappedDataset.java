package io.bertfinetune.data;

import java.util.function.Function;

/** Another data set, each element changed when it is asked for. */
record MappedDataset<E, R>(IndexedDataset<E> source, Function<? super E, ? extends R> change)
        implements IndexedDataset<R> {
    @Override
    public int count() {
        return source.count();
    }

    @Override
    public R get(int index) {
        return change.apply(source.get(index));
    }

    @Override
    public String toString() {
        return "Dataset[" + count() + "]";
    }
}
