package io.bertfinetune.training;

/** When something recurring happens: Hugging Face's {@code IntervalStrategy}. */
public enum IntervalStrategy {
    /** Never. */
    NO,
    /** Every so many optimizer steps. */
    STEPS,
    /** At the end of every epoch. */
    EPOCH
}
