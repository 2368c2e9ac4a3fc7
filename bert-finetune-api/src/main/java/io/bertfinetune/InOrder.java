package io.bertfinetune;

import java.util.HashMap;
import java.util.Map;

/** Hands on what comes in any order in the order of its places, each as soon as all before it are there. */
final class InOrder<T> {
    /** Takes a value, and says which it is, from 0. */
    interface Receiver<T> {
        void accept(long place, T value);
    }

    private final Receiver<T> receiver;
    private final Map<Long, T> waiting = new HashMap<>();
    private long next;

    InOrder(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    void add(long place, T value) {
        waiting.put(place, value);
        for (T first = waiting.remove(next); first != null; first = waiting.remove(next)) {
            receiver.accept(next++, first);
        }
    }
}
