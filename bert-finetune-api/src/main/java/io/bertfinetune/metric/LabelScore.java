package io.bertfinetune.metric;

/** A number that says how well one label is told from the rest. */
@FunctionalInterface
interface LabelScore {
    /**
     * The score from counts.
     *
     * @param hits how often the label was predicted and true
     * @param predictions how often it was predicted
     * @param truths how often it was true
     */
    double of(long hits, long predictions, long truths);

    /** A quotient, or 0 if there is nothing to divide by: scikit-learn's {@code zero_division=0}. */
    static double ratio(long dividend, long divisor) {
        return divisor == 0 ? 0 : (double) dividend / divisor;
    }
}
