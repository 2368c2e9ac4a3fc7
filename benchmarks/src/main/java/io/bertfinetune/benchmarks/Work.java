package io.bertfinetune.benchmarks;

import java.util.Map;

/** What the library's side of a comparison does whenever it is asked. */
interface Work extends AutoCloseable {
    /** Numbers by which it can be seen that all sides do the same. */
    default Map<String, Double> facts() {
        return Map.of();
    }

    /** Does it once, and gives what was measured, by key. */
    Map<String, Double> once();

    @Override
    default void close() {}

    /** How long an action takes, in milliseconds. */
    static double ms(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return (System.nanoTime() - start) / 1e6;
    }
}
