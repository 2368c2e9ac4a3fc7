package io.bertfinetune.data;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Random orders in which neighbours are about equally long: Hugging Face's {@code get_length_grouped_indices}, which
 * sorts each mega-batch of a permutation by length.
 */
final class LengthGroups {
    private static final int MOST_BATCHES = 50;
    private static final int LEAST_MEGA_BATCHES = 4;

    private LengthGroups() {}

    /** The order of an epoch whose examples have these lengths. */
    static int[] order(Sampler.Epoch epoch, IntUnaryOperator length) {
        int[] permutation = Permutation.of(epoch.count(), Permutation.seed(epoch.seed(), epoch.number()));
        return group(permutation, epoch.batchSize(), length);
    }

    /**
     * Sorts each mega-batch of a permutation, longest first, those of equal length as they were drawn. The longest of all
     * comes first: if memory is too small, that shows at once.
     */
    static int[] group(int[] permutation, int batchSize, IntUnaryOperator length) {
        int[] order = permutation.clone();
        int batches = (int) Math.min(order.length / ((long) LEAST_MEGA_BATCHES * batchSize), MOST_BATCHES);
        int megaBatch = (int) Math.min((long) Math.max(batches, 1) * batchSize, Math.max(order.length, 1));
        int longest = 0;
        for (int start = 0; start < order.length; start += megaBatch) {
            sort(order, start, Math.min(order.length - start, megaBatch), length);
            if (length.applyAsInt(order[start]) > length.applyAsInt(order[longest])) {
                longest = start;
            }
        }
        if (order.length > 0) {
            int first = order[0];
            order[0] = order[longest];
            order[longest] = first;
        }
        return order;
    }

    private static void sort(int[] order, int start, int count, IntUnaryOperator length) {
        int[] drawn = Arrays.copyOfRange(order, start, start + count);
        int[] places = longestFirst(count, place -> length.applyAsInt(drawn[place]));
        for (int i = 0; i < count; i++) {
            order[start + i] = drawn[places[i]];
        }
    }

    /** The numbers from 0 to below {@code count}, longest first, those of equal length as they stand. */
    static int[] longestFirst(int count, IntUnaryOperator length) {
        long[] keys = new long[count]; // length, turned round, and place
        for (int place = 0; place < count; place++) {
            keys[place] = ((long) ~length.applyAsInt(place) << 32) | place;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }
}
