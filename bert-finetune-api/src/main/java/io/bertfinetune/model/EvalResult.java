package io.bertfinetune.model;

import java.util.List;

/**
 * What one pass forward without dropout found.
 *
 * @param loss the mean loss over the batch's items, never smoothed
 * @param items how many items the mean is over: examples, or labelled tokens; with class weights, the sum of theirs
 * @param predictions one for each example, in order
 * @param <P> prediction
 */
public record EvalResult<P>(double loss, double items, List<P> predictions) {
    /**
     * Copies the predictions.
     *
     * @param loss the mean loss over the batch's items, never smoothed
     * @param items how many items the mean is over: examples, or labelled tokens; with class weights, the sum of theirs
     * @param predictions one for each example, in order
     */
    public EvalResult {
        predictions = List.copyOf(predictions);
    }
}
