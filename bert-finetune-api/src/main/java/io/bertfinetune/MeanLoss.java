package io.bertfinetune;

/** A mean of losses in which every item weighs the same, however many a batch has. */
final class MeanLoss {
    private double sum;
    private double items;

    /** Adds a batch's mean loss over so many items. */
    void add(double loss, double items) {
        if (items > 0) { // a batch without labelled items has no loss
            this.sum += loss * items;
            this.items += items;
        }
    }

    boolean isEmpty() {
        return items == 0;
    }

    /** The mean; NaN if there are no items. */
    double value() {
        return sum / items;
    }

    double sum() {
        return sum;
    }

    double items() {
        return items;
    }

    /** Goes on from these sums. */
    void restore(double sumBefore, double itemsBefore) {
        sum = sumBefore;
        items = itemsBefore;
    }

    void reset() {
        sum = 0;
        items = 0;
    }
}
