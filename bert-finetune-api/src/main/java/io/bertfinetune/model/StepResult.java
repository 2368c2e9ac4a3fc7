package io.bertfinetune.model;

/**
 * What one pass forward and backward found.
 *
 * @param loss the mean loss over the batch's items
 * @param items how many items the mean is over: examples, or labelled tokens; with class weights, the sum of theirs
 */
public record StepResult(double loss, double items) {}
