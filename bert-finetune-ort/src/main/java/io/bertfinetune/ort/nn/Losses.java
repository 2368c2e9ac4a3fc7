package io.bertfinetune.ort.nn;

import io.bertfinetune.ort.graph.Value;

/** What training makes small. */
public final class Losses {
    private Losses() {}

    /**
     * Cross entropy, summed over rows.
     *
     * @param logits {@code [rows, classes]}
     * @param labels {@code [rows]}, ids below the number of classes
     */
    public static Value crossEntropySum(Value logits, Value labels) {
        Value target = labels.oneHot(logits.shape().dim(-1).size());
        return logits.logSoftmax().times(target).sum().times(-1);
    }
}
