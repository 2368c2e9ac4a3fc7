package io.bertfinetune.ort.weights;

import java.util.List;

/**
 * What did not fit exactly when a checkpoint was loaded.
 *
 * @param missing parameters of the model that the checkpoint does not bring: they start fresh
 * @param unexpected parameters of the checkpoint that the model has no use for, such as the heads of pre-training
 */
public record LoadReport(List<String> missing, List<String> unexpected) {
    /**
     * Copies the lists.
     *
     * @param missing parameters that the checkpoint does not bring
     * @param unexpected parameters that the model has no use for
     */
    public LoadReport {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
    }
}
