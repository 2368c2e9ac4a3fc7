package io.bertfinetune.ort.nn;

import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;

/** What training makes small. */
public final class Losses {
    private Losses() {}

    /**
     * Cross entropy, summed over rows.
     *
     * @param logits {@code [rows, classes]}
     * @param labels {@code [rows]}, ids below the number of classes
     * @return a scalar
     */
    public static Value crossEntropySum(Value logits, Value labels) {
        return crossEntropySum(logits, labels, 0, new double[0]);
    }

    /**
     * Cross entropy with smoothed labels (Szegedy et al., 2016) and weighted classes, summed over rows: PyTorch's
     * {@code CrossEntropyLoss(weight, reduction="sum", label_smoothing)}, and without weights Hugging Face's
     * {@code LabelSmoother}.
     *
     * @param logits {@code [rows, classes]}
     * @param labels {@code [rows]}, ids below the number of classes
     * @param smoothing how much of each label is spread over all classes, 0 to below 1
     * @param classWeights what the loss of each class is multiplied by; none if all count the same
     * @return a scalar
     */
    public static Value crossEntropySum(Value logits, Value labels, double smoothing, double[] classWeights) {
        long classes = logits.shape().dim(-1).size();
        Value target = labels.oneHot(classes).times(1 - smoothing).plus(smoothing / classes);
        if (classWeights.length > 0) {
            target = target.times(logits.graph().constant(Shape.of(classes), classWeights));
        }
        return logits.logSoftmax().times(target).sum().times(-1);
    }
}
