package io.bertfinetune.training;

/**
 * What a callback may ask a run to do; Hugging Face's {@code TrainerControl}. Asking costs nothing: the run does it at
 * the end of the step, or of the epoch if asked there.
 */
public interface TrainerControl {
    /** Asks the run to end after this step. Stays asked. */
    void stopTraining();

    /** Asks to go on with the next epoch after this step. Forgotten when the next epoch begins. */
    void stopEpoch();

    /** Asks to log after this step. Forgotten when the next step begins. */
    void log();

    /** Asks to evaluate after this step, once it is logged. Forgotten when the next step begins. */
    void evaluate();

    /** Asks to save a checkpoint after this step, once it is logged and evaluated. Forgotten when the next step begins. */
    void save();
}
