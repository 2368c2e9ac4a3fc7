package io.bertfinetune.prediction;

/**
 * The number a regression model gives a text.
 *
 * @param value the number, in the unit of the labels
 */
public record Score(double value) {}
