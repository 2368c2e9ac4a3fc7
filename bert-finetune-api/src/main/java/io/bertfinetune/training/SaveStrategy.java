package io.bertfinetune.training;

/** When a run saves checkpoints: Hugging Face's {@code SaveStrategy}. */
public enum SaveStrategy {
    /** Never. */
    NO,
    /** Every so many optimizer steps, and after the last. */
    STEPS,
    /** At the end of every epoch. */
    EPOCH,
    /** After every evaluation that was better than all before. */
    BEST
}
