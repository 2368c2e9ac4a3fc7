package io.bertfinetune.data;

import java.util.NoSuchElementException;

final class IndexedSource<E> implements ExampleSource<E> {
    private final IndexedDataset<E> data;
    private final int[] order;
    private int position;

    IndexedSource(IndexedDataset<E> data, int[] order) {
        this.data = data;
        this.order = order;
    }

    @Override
    public boolean hasNext() {
        return position < order.length;
    }

    @Override
    public E next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return data.get(order[position++]);
    }

    @Override
    public long skip(long count) {
        int skipped = (int) Math.min(count, order.length - position);
        position += skipped;
        return skipped;
    }

    @Override
    public boolean isInterruptible() {
        return false;
    }

    @Override
    public void close() {}
}
