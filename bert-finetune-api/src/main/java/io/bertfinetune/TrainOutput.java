package io.bertfinetune;

import io.bertfinetune.metric.Metrics;
import java.util.Objects;

/**
 * How a training run ended; Hugging Face's {@code TrainOutput}.
 *
 * @param globalStep how many optimizer steps were made
 * @param trainingLoss the mean loss over all items trained on, NaN if there were none
 * @param metrics {@code train_runtime} in seconds, {@code train_samples_per_second}, {@code train_steps_per_second},
 *     {@code train_loss} and {@code epoch}, and tokens and memory where they are asked for; the speeds are of what was done, also where the run stopped early
 */
public record TrainOutput(long globalStep, double trainingLoss, Metrics metrics) {
    /**
     * Checks that nothing is null.
     *
     * @param globalStep the steps
     * @param trainingLoss the loss
     * @param metrics the metrics
     */
    public TrainOutput {
        Objects.requireNonNull(metrics, "metrics");
    }
}
