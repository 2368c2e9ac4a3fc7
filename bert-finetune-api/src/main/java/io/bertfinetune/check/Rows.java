package io.bertfinetune.check;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.IndexedDataset;
import java.util.BitSet;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Reads rows of a data set: first a sample spread evenly over it, then others, until it is told to stop. A stream is read
 * from its start.
 */
final class Rows<E> {
    private final Dataset<E> data;
    private final int sample;
    private final int most;

    /** What is done with the rows. */
    interface Reader<E> {
        /** A row of the sample, or another. */
        void row(long number, E row, boolean inSample);

        /** A row that cannot be read. */
        void unreadable(long number, RuntimeException e);
    }

    Rows(Dataset<E> data, int sample, int most) {
        this.data = data;
        this.sample = sample;
        this.most = most;
    }

    /** Reads until it is to stop; true if all rows were read. */
    boolean read(BooleanSupplier stop, Reader<E> reader) {
        return data instanceof IndexedDataset<E> indexed ? read(indexed, stop, reader) : readStream(stop, reader);
    }

    private boolean read(IndexedDataset<E> indexed, BooleanSupplier stop, Reader<E> reader) {
        int count = indexed.count();
        BitSet seen = new BitSet(count);
        return readEvenly(indexed, Math.min(sample, count), seen, true, stop, reader)
                && readEvenly(indexed, Math.min(most, count), seen, false, stop, reader)
                && count <= most;
    }

    private boolean readEvenly(
            IndexedDataset<E> indexed,
            int rows,
            BitSet seen,
            boolean inSample,
            BooleanSupplier stop,
            Reader<E> reader) {
        for (long i = 0; i < rows; i++) {
            int number = (int) (i * indexed.count() / rows);
            if (!seen.get(number)) {
                if (stop.getAsBoolean()) {
                    return false;
                }
                seen.set(number);
                readOne(indexed, number, inSample, reader);
            }
        }
        return true;
    }

    private void readOne(IndexedDataset<E> indexed, int number, boolean inSample, Reader<E> reader) {
        E row;
        try {
            row = indexed.get(number);
        } catch (RuntimeException e) { // a finding, not a failure: whether the run gets there is the run's business
            reader.unreadable(number, e);
            return;
        }
        reader.row(number, row, inSample);
    }

    private boolean readStream(BooleanSupplier stop, Reader<E> reader) {
        try (Stream<E> stream = data.stream()) {
            Iterator<E> rows = stream.iterator();
            for (long number = 0; rows.hasNext(); number++) {
                if (number == most || stop.getAsBoolean()) {
                    return false;
                }
                reader.row(number, rows.next(), number < sample);
            }
            return true;
        }
    }
}
