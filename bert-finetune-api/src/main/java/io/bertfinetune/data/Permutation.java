package io.bertfinetune.data;

import java.util.Random;
import java.util.stream.IntStream;

/** Random orders that depend on their seed alone: {@link Random} is specified to the bit. */
final class Permutation {
    private Permutation() {}

    /** The numbers from 0 to below {@code count}, shuffled (Fisher and Yates). */
    static int[] of(int count, long seed) {
        int[] order = IntStream.range(0, count).toArray();
        Random random = new Random(seed);
        for (int last = count - 1; last > 0; last--) {
            int drawn = random.nextInt(last + 1);
            int swapped = order[last];
            order[last] = order[drawn];
            order[drawn] = swapped;
        }
        return order;
    }

    /**
     * A seed for the {@code number}-th draw of a run, unrelated to those of its neighbours: {@link Random} started on
     * neighbouring seeds gives related numbers. SplitMix64 (Steele, Lea and Flood, 2014).
     */
    static long seed(long seed, int number) {
        long z = seed + 0x9e3779b97f4a7c15L * (number + 1L);
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
