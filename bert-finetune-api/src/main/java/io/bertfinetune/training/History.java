package io.bertfinetune.training;

import io.bertfinetune.metric.Metrics;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A list that does not change. One entry more is a new list on the same array, so that a log of many entries is not copied
 * for each.
 */
final class History extends AbstractList<Metrics> implements RandomAccess {
    private final List<Metrics> shared; // the entries of this list first; others may have added to it
    private final int size;

    private History(List<Metrics> shared, int size) {
        this.shared = shared;
        this.size = size;
    }

    static History of(List<Metrics> entries) {
        return entries instanceof History history
                ? history
                : new History(new ArrayList<>(List.copyOf(entries)), entries.size());
    }

    History and(Metrics entry) {
        Objects.requireNonNull(entry, "entry");
        synchronized (shared) {
            List<Metrics> longer = shared.size() == size ? shared : new ArrayList<>(shared.subList(0, size));
            longer.add(entry);
            return new History(longer, size + 1);
        }
    }

    @Override
    public Metrics get(int index) {
        Objects.checkIndex(index, size);
        synchronized (shared) {
            return shared.get(index);
        }
    }

    @Override
    public int size() {
        return size;
    }
}
