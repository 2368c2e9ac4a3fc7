package io.bertfinetune;

import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;

/**
 * Asks for logs, evaluations, checkpoints and the end of training when the arguments say they are due; Hugging Face's
 * {@code DefaultFlowCallback}. The first callback of every trainer.
 */
final class DefaultFlow implements TrainerCallback {
    private final TrainingArguments args;

    DefaultFlow(TrainingArguments args) {
        this.args = args;
    }

    @Override
    public void onStepEnd(TrainerState state, TrainerControl control) {
        long step = state.globalStep();
        boolean last = step >= state.maxSteps();
        if (step == 1 && args.loggingFirstStep()) {
            control.log();
        }
        if (args.loggingStrategy() == IntervalStrategy.STEPS && step % state.loggingSteps() == 0) {
            control.log();
        }
        if (args.evalStrategy() == IntervalStrategy.STEPS
                && (step % state.evalSteps() == 0 || last)
                && step >= args.evalDelay()) {
            control.evaluate();
        }
        if (args.saveStrategy() == SaveStrategy.STEPS && (step % state.saveSteps() == 0 || last)) {
            control.save();
        }
        if (last) {
            control.stopTraining();
        }
    }

    @Override
    public void onEpochEnd(TrainerState state, TrainerControl control) {
        if (args.loggingStrategy() == IntervalStrategy.EPOCH) {
            control.log();
        }
        if (args.evalStrategy() == IntervalStrategy.EPOCH && state.epoch() >= args.evalDelay()) {
            control.evaluate();
        }
        if (args.saveStrategy() == SaveStrategy.EPOCH) {
            control.save();
        }
    }
}
