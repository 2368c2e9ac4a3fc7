package io.bertfinetune;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Hands on what comes in any order in the order of its places, each as soon as all before it are there. */
final class InOrder<T> {
    private final Consumer<T> receiver;
    private final Map<Long, T> waiting = new HashMap<>();
    private long next;

    InOrder(Consumer<T> receiver) {
        this.receiver = receiver;
    }

    void add(long place, T value) {
        waiting.put(place, value);
        for (T first = waiting.remove(next); first != null; first = waiting.remove(next)) {
            next++;
            receiver.accept(first);
        }
    }
}
