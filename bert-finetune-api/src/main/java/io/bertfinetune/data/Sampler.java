package io.bertfinetune.data;

import java.util.function.Supplier;

/**
 * In which order an epoch visits the examples. A pure function of the epoch, so that a run can go on from any batch
 * with nothing saved for it.
 *
 * <p>One of your own, which visits every other example:
 *
 * <pre>{@code
 * Sampler everyOther = epoch -> IntStream.range(0, epoch.count()).filter(i -> i % 2 == epoch.number() % 2).toArray();
 * }</pre>
 */
@FunctionalInterface
public interface Sampler {
    /**
     * The order of an epoch.
     *
     * @param epoch which epoch, of which data
     * @return numbers of examples, from 0 to below {@code epoch.count()}; one may come twice or not at all, but the
     *     length is the same in every epoch
     */
    int[] order(Epoch epoch);

    /**
     * Hugging Face's name of it, a value of {@code train_sampling_strategy}.
     *
     * @return the name; {@code "custom"} for one of your own, which JSON cannot carry
     */
    default String type() {
        return "custom";
    }

    /**
     * Every example once, in a new random order every epoch.
     *
     * @return the sampler of type {@code random}
     */
    static Sampler random() {
        return NamedSampler.RANDOM;
    }

    /**
     * Every example once, as they stand.
     *
     * @return the sampler of type {@code sequential}
     */
    static Sampler sequential() {
        return NamedSampler.SEQUENTIAL;
    }

    /**
     * Every example once, in a new random order every epoch in which neighbours are about equally long: batches hold little
     * padding. The rule is that of Hugging Face's {@code LengthGroupedSampler}: the examples of a random order are sorted,
     * longest first, within mega-batches of min(50, examples / (4 · batch size)) batches, and the longest of all is the
     * first. A {@link DataLoader} counts the tokens of all examples once, before its first epoch, see
     * {@link Collator#lengths}.
     *
     * @return the sampler of type {@code group_by_length}
     */
    static Sampler groupByLength() {
        return NamedSampler.GROUP_BY_LENGTH;
    }

    /**
     * The same order by lengths that are known already; nothing is counted.
     *
     * @param lengths one for each example, in any unit; copied
     * @return a sampler of type {@code custom}, for data with as many examples
     */
    static Sampler groupByLength(int[] lengths) {
        return new GivenLengths(lengths);
    }

    /** What a sampler may look at. */
    final class Epoch {
        private final int number;
        private final long seed;
        private final int count;
        private final int batchSize;
        private final Supplier<int[]> lengths;

        private Epoch(int number, long seed, int count, int batchSize, Supplier<int[]> lengths) {
            this.number = number;
            this.seed = seed;
            this.count = count;
            this.batchSize = batchSize;
            this.lengths = lengths;
        }

        /**
         * An epoch in batches of 8, whose lengths are not known.
         *
         * @param number which one, from 0
         * @param seed the seed of the data order
         * @param count how many examples there are
         * @return the epoch
         * @throws IllegalArgumentException if {@code number} or {@code count} is below 0
         */
        public static Epoch of(int number, long seed, int count) {
            if (number < 0 || count < 0) {
                throw new IllegalArgumentException(
                        "Epoch: number is " + number + " and count is " + count + ", expected 0 or more");
            }
            return new Epoch(number, seed, count, 8, () -> {
                throw new IllegalStateException(
                        "Epoch: no lengths; a DataLoader counts them, and Epoch.lengths(…) says them");
            });
        }

        /**
         * The same epoch in batches of this size.
         *
         * @param batchSize 1 or more
         * @return a new epoch
         * @throws IllegalArgumentException if it is below 1
         */
        public Epoch batchSize(int batchSize) {
            if (batchSize < 1) {
                throw new IllegalArgumentException("Epoch: batchSize is " + batchSize + ", expected 1 or more");
            }
            return new Epoch(number, seed, count, batchSize, lengths);
        }

        /**
         * The same epoch with these lengths.
         *
         * @param lengths one for each example; copied
         * @return a new epoch
         * @throws IllegalArgumentException if there are more or fewer than examples
         */
        public Epoch lengths(int... lengths) {
            if (lengths.length != count) {
                throw new IllegalArgumentException(
                        "Epoch: " + lengths.length + " lengths for " + count + " examples, expected one for each");
            }
            int[] copy = lengths.clone();
            return lengths(() -> copy);
        }

        /** The same epoch with lengths that are counted when they are first asked for. */
        Epoch lengths(Supplier<int[]> counted) {
            return new Epoch(number, seed, count, batchSize, counted);
        }

        /**
         * Which epoch it is.
         *
         * @return 0 for the first
         */
        public int number() {
            return number;
        }

        /**
         * The seed of the data order.
         *
         * @return the same in every epoch of a run
         */
        public long seed() {
            return seed;
        }

        /**
         * How many examples there are.
         *
         * @return 0 or more
         */
        public int count() {
            return count;
        }

        /**
         * How many examples a batch has.
         *
         * @return 1 or more
         */
        public int batchSize() {
            return batchSize;
        }

        /**
         * How long an example is: its number of tokens in an epoch of a {@link DataLoader}, which counts those of all
         * examples when the first is asked for.
         *
         * @param index the example, from 0 to below {@link #count}
         * @return the length
         * @throws IllegalStateException if lengths are not known
         * @throws IllegalArgumentException if the loader's collator cannot say, see {@link Collator#lengths}
         */
        public int length(int index) {
            return lengths.get()[index];
        }
    }
}
