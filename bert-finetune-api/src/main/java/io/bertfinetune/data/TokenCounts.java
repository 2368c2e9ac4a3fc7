package io.bertfinetune.data;

import io.bertfinetune.error.BertFineTuneException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How many tokens examples have. */
final class TokenCounts {
    /** Examples encoded together: enough for the threads of a tokenizer to share. */
    private static final int CHUNK = 256;

    private TokenCounts() {}

    /** Counts every example of a data set, chunk by chunk; what stays in memory is a number each. */
    static <E> int[] of(IndexedDataset<E> data, Collator<E> collator) {
        int[] counts = new int[data.count()];
        for (int start = 0; start < counts.length; start += CHUNK) {
            if (Thread.currentThread().isInterrupted()) {
                throw new BertFineTuneException(
                        "counting tokens was interrupted, after " + start + " of " + counts.length + " examples");
            }
            int first = start;
            List<E> chunk = IntStream.range(start, Math.min(counts.length, start + CHUNK))
                    .mapToObj(i -> BatchMaker.notNull(data.get(i), i))
                    .toList();
            int[] some = of(chunk, collator)
                    .orElseThrow(
                            () -> new IllegalArgumentException("Sampler group_by_length: there is no attention_mask"
                                    + " in what the collator makes of example " + first
                                    + ", to count its tokens by; override Collator.lengths, or say the lengths,"
                                    + " Sampler.groupByLength(lengths)"));
            System.arraycopy(some, 0, counts, start, some.length);
        }
        return counts;
    }

    /** Counts some examples; empty if the collator cannot say. */
    static <E> Optional<int[]> of(List<E> examples, Collator<E> collator) {
        Optional<int[]> lengths = collator.lengths(examples);
        lengths.ifPresent(found -> {
            if (found.length != examples.size()) {
                throw new IllegalArgumentException("Collator: lengths gave " + found.length + " numbers for "
                        + examples.size() + " examples, expected one for each");
            }
        });
        return lengths;
    }

    /** The ones in a batch's attention mask, example by example; of several rows of an example, the most. */
    static Optional<int[]> of(Batch<?> batch) {
        Tensor mask = batch.tensors().get("attention_mask");
        if (mask == null || mask.shape().size() < 2 || !mask.longs().hasRemaining()) {
            return Optional.empty();
        }
        int[] numbers = mask.shape().stream().mapToInt(Integer::intValue).toArray();
        int sequence = numbers[numbers.length - 1];
        int rows = IntStream.of(numbers).skip(1).limit(numbers.length - 2L).reduce(1, Math::multiplyExact);
        var ones = mask.longs();
        int[] counts = new int[batch.size()];
        for (int example = 0; example < counts.length; example++) {
            for (int row = 0; row < rows; row++) {
                int count = 0;
                for (int token = 0; token < sequence; token++) {
                    count += ones.get() == 0 ? 0 : 1;
                }
                counts[example] = Math.max(counts[example], count);
            }
        }
        return Optional.of(counts);
    }
}
