package io.bertfinetune.training;

import io.bertfinetune.data.Batch;
import io.bertfinetune.model.TrainingSession;
import java.util.List;

/**
 * The loop inside a {@code Trainer}: what happens to the micro-batches of each update. Write your own to train on
 * something else than the plain gradient, as one would override Hugging Face's {@code training_step}:
 *
 * <pre>{@code
 * TrainingLoop<Example<Text, String>> patient = (session, updates) -> {
 *     for (var update : updates) {
 *         update.microBatches().forEach(session::forwardBackward);
 *         if (session.clipGradNorm(update.maxGradNorm()) < 100) {
 *             session.step(update.learningRate());                // else the step is left out
 *         }
 *         session.zeroGrad();
 *     }
 * };
 * }</pre>
 *
 * <p>Order of the data, learning rates and stopping are in the updates; events, logging and evaluation happen between
 * them and inside the session's calls. So a loop of one's own keeps all of it.
 *
 * @param <E> example
 */
@FunctionalInterface
public interface TrainingLoop<E> {
    /**
     * Works through the updates.
     *
     * @param session the model in training; the trainer closes it, a call of {@code close} here does nothing
     * @param updates the updates of the run, in order, each made as it is asked for; they end when the run does. They can
     *     be walked through once. A loop that leaves early ends the run
     */
    void run(TrainingSession<E> session, Iterable<Update<E>> updates);

    /**
     * The loop of the tutorials.
     *
     * @param <E> example
     * @return the loop a trainer runs unless told otherwise
     */
    static <E> TrainingLoop<E> standard() {
        return (session, updates) -> {
            for (Update<E> update : updates) {
                update.microBatches().forEach(session::forwardBackward);
                session.clipGradNorm(update.maxGradNorm());
                session.step(update.learningRate());
                session.zeroGrad();
            }
        };
    }

    /**
     * One optimizer step to be made.
     *
     * @param <E> example
     */
    interface Update<E> {
        /**
         * The micro-batches whose gradients make the step: {@code gradientAccumulationSteps} of them, or what is left of
         * the epoch.
         *
         * @return at least one batch
         */
        List<Batch<E>> microBatches();

        /**
         * The learning rate of this step.
         *
         * @return the argument {@code learningRate} times the factor of the schedule
         */
        double learningRate();

        /**
         * The norm to clip gradients to.
         *
         * @return the argument {@code maxGradNorm}; positive infinity, which only measures, where that is 0
         */
        double maxGradNorm();
    }
}
