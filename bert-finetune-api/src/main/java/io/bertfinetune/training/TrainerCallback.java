package io.bertfinetune.training;

import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import java.nio.file.Path;
import java.util.Map;

/**
 * Watches a run: the events of Hugging Face's {@code TrainerCallback}, in its order. Override the ones you need.
 *
 * <pre>{@code
 * trainer.callbacks(new TrainerCallback() {
 *     public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
 *         if (metrics.get("eval_accuracy") > 0.98) control.stopTraining();
 *     }
 * });
 * }</pre>
 *
 * <p>The order of one optimizer step: {@link #onStepBegin}, {@link #onSubstepEnd} between micro-batches, clipping,
 * {@link #onPreOptimizerStep}, the update, {@link #onOptimizerStep}, {@link #onStepEnd}, and then, if due,
 * {@link #onLog}, an evaluation with its own {@link #onLog} and {@link #onEvaluate}, and a checkpoint with
 * {@link #onSave}.
 *
 * <p>Callbacks are called on the thread that trains, in the order they were given. An exception ends the run and reaches
 * whoever called {@code train}; {@link #onTrainEnd} is then not called.
 *
 * <p>A run that is resumed goes on where its checkpoint was saved: {@link #onTrainBegin} comes again, with the state of
 * that moment, then {@link #restoreState}, and no event twice of what was done before. A callback that counts must
 * therefore answer to {@link #saveState}.
 */
public interface TrainerCallback {
    /**
     * The trainer is built.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onInitEnd(TrainerState state, TrainerControl control) {}

    /**
     * Training begins.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onTrainBegin(TrainerState state, TrainerControl control) {}

    /**
     * Training is over, its last numbers are logged.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onTrainEnd(TrainerState state, TrainerControl control) {}

    /**
     * An epoch begins.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onEpochBegin(TrainerState state, TrainerControl control) {}

    /**
     * An epoch is over, or broken off because the run ends.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onEpochEnd(TrainerState state, TrainerControl control) {}

    /**
     * An optimizer step begins.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onStepBegin(TrainerState state, TrainerControl control) {}

    /**
     * A micro-batch is done and another of the same step follows.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onSubstepEnd(TrainerState state, TrainerControl control) {}

    /**
     * Gradients are there and clipped; the weights are still the old ones.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onPreOptimizerStep(TrainerState state, TrainerControl control) {}

    /**
     * The weights are changed; the gradients are still there.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onOptimizerStep(TrainerState state, TrainerControl control) {}

    /**
     * An optimizer step is over and counted.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onStepEnd(TrainerState state, TrainerControl control) {}

    /**
     * An evaluation of one data set is over and logged.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     * @param metrics its numbers, named {@code eval_…}, or {@code eval_<name>_…} for a data set with a name
     */
    default void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {}

    /**
     * A checkpoint is saved.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     * @param checkpoint its folder
     */
    default void onSave(TrainerState state, TrainerControl control, Path checkpoint) {}

    /**
     * What must be known to go on after a resume; kept in every checkpoint.
     *
     * @return text by name; empty, which is not kept, for a callback that remembers nothing
     */
    default Map<String, String> saveState() {
        return Map.of();
    }

    /**
     * Takes back what {@link #saveState} gave when the checkpoint was saved; called after {@link #onTrainBegin} of a run
     * that is resumed. Callbacks are told apart by their class, several of one class by their order.
     *
     * @param saved text by name
     * @throws RuntimeException if it does not fit; the run then does not begin
     */
    default void restoreState(Map<String, String> saved) {}

    /**
     * A call of {@code predict} is over.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     * @param metrics its numbers, named {@code test_…}
     */
    default void onPredict(TrainerState state, TrainerControl control, Metrics metrics) {}

    /**
     * An example of an evaluation or of {@code predict} is judged. Outcomes come one by one, in the order of the data, and
     * {@link #onEvaluate} or {@link #onPredict} after the last; keep few of them, an evaluation may have millions. Hugging
     * Face's callbacks do not see them.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     * @param index its place in the data set; 0 begins a data set anew
     * @param outcome an {@link io.bertfinetune.data.Example} and the prediction of the task
     */
    default void onOutcome(TrainerState state, TrainerControl control, long index, Outcome<?, ?> outcome) {}

    /**
     * One batch of an evaluation or of {@code predict} is done.
     *
     * @param state where the run stands
     * @param control what may be asked of it
     */
    default void onPredictionStep(TrainerState state, TrainerControl control) {}

    /**
     * Numbers were added to the log: those of training, which are {@code "loss"}, {@code "grad_norm"} and
     * {@code "learning_rate"}, those of an evaluation, or those of the whole run.
     *
     * @param state where the run stands; its log ends with these numbers
     * @param control what may be asked of it
     * @param logs the numbers, with {@code epoch} and {@code step}
     */
    default void onLog(TrainerState state, TrainerControl control, Metrics logs) {}
}
