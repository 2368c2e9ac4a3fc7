package io.bertfinetune.data;

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

    /** What a sampler may look at. */
    final class Epoch {
        private final int number;
        private final long seed;
        private final int count;

        private Epoch(int number, long seed, int count) {
            this.number = number;
            this.seed = seed;
            this.count = count;
        }

        /**
         * An epoch.
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
            return new Epoch(number, seed, count);
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
    }
}
