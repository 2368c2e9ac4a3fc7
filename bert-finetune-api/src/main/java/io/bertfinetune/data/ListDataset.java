package io.bertfinetune.data;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A list in memory. What it is mapped to is in memory too, so that a bad element shows at once and only once. */
record ListDataset<E>(List<E> elements) implements IndexedDataset<E> {
    @Override
    public int count() {
        return elements.size();
    }

    @Override
    public E get(int index) {
        return elements.get(index);
    }

    @Override
    public Stream<E> stream() {
        return elements.stream();
    }

    @Override
    public <R> IndexedDataset<R> map(Function<? super E, ? extends R> change) {
        return new ListDataset<>(elements.stream().<R>map(change).toList());
    }

    @Override
    public IndexedDataset<E> filter(Predicate<? super E> keep) {
        return new ListDataset<>(elements.stream().filter(keep).toList());
    }

    @Override
    public String toString() {
        return "Dataset[" + count() + "]";
    }
}
