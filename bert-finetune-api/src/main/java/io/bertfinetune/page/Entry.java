package io.bertfinetune.page;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers logged at once.
 *
 * @param step after how many optimizer steps
 * @param epoch after how many epochs
 * @param numbers the numbers by name
 */
record Entry(long step, double epoch, Map<String, Double> numbers) {
    Entry {
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    }

    /** One entry in place of this and the next: what both have is averaged, and it stands where the next does. */
    Entry and(Entry next) {
        Map<String, Double> both = new LinkedHashMap<>(numbers);
        next.numbers.forEach((name, number) -> both.merge(name, number, (a, b) -> (a + b) / 2));
        return new Entry(next.step, next.epoch, both);
    }
}
