package io.bertfinetune.ort.capi;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What is made when it is first asked for; of more than fit, the one that was not asked for longest is freed. */
final class Bounded<K, V> implements AutoCloseable {
    private final int most;
    private final Consumer<V> free;
    private final LinkedHashMap<K, V> held = new LinkedHashMap<>(16, 0.75f, true);

    /** How a value is made. */
    @FunctionalInterface
    interface Maker<K, V> {
        V make(K key) throws OneDnn.OneDnnException;
    }

    Bounded(int most, Consumer<V> free) {
        this.most = most;
        this.free = free;
    }

    V get(K key, Maker<K, V> maker) throws OneDnn.OneDnnException {
        V value = held.get(key);
        if (value == null) {
            value = maker.make(key);
            held.put(key, value);
            if (held.size() > most) {
                Map.Entry<K, V> eldest = held.entrySet().iterator().next();
                held.remove(eldest.getKey());
                free.accept(eldest.getValue());
            }
        }
        return value;
    }

    Collection<V> values() {
        return held.values();
    }

    int size() {
        return held.size();
    }

    @Override
    public void close() {
        held.values().forEach(free);
        held.clear();
    }
}
