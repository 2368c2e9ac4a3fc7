package io.bertfinetune;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.DataLoader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The micro-batches of one epoch, grouped into optimizer steps; the last group may be smaller. */
final class Updates<E> implements Iterator<List<Batch<E>>>, AutoCloseable {
    private final DataLoader.Pass<E> pass;
    private final Iterator<Batch<E>> batches;
    private final int accumulation;
    private int taken;

    /** The rest of an epoch, of which so many micro-batches were taken before. */
    Updates(DataLoader.Pass<E> pass, int accumulation, int taken) {
        this.pass = pass;
        this.batches = pass.iterator();
        this.accumulation = accumulation;
        this.taken = taken;
    }

    @Override
    public boolean hasNext() {
        return batches.hasNext();
    }

    @Override
    public List<Batch<E>> next() {
        List<Batch<E>> group = new ArrayList<>(accumulation);
        do {
            group.add(batches.next());
        } while (group.size() < accumulation && batches.hasNext());
        taken += group.size();
        return group;
    }

    /** How many micro-batches of the epoch were handed out. */
    int taken() {
        return taken;
    }

    @Override
    public void close() {
        pass.close();
    }
}
