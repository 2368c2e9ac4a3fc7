package io.bertfinetune.data;

/** Some elements of another data set, by number. */
final class Selection<E> implements IndexedDataset<E> {
    private final IndexedDataset<E> source;
    private final int[] indices;

    Selection(IndexedDataset<E> source, int[] indices) {
        this.source = source;
        this.indices = indices;
    }

    @Override
    public int count() {
        return indices.length;
    }

    @Override
    public E get(int index) {
        return source.get(indices[index]);
    }

    @Override
    public String toString() {
        return "Dataset[" + count() + "]";
    }
}
