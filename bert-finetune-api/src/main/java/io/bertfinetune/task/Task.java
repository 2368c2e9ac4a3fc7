package io.bertfinetune.task;

import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Metric;
import java.util.List;

/**
 * What a model is to learn: the input it reads, the label it is taught, the prediction it gives.
 *
 * <p>A task is a value; the head that computes it belongs to the backend, which knows the tasks of this package.
 *
 * @param <I> input, {@code Text} for example
 * @param <L> label, {@code String} for example
 * @param <P> prediction, {@code Classification} for example
 */
public sealed interface Task<I, L, P> permits SequenceClassification {
    /**
     * The metrics an evaluation reports when none are asked for.
     *
     * @return at least one metric
     */
    List<Metric<? super Example<I, L>, ? super P>> defaultMetrics();

    /**
     * Answers by the kind of task. Written for backends: a table that forgets a task does not compile.
     *
     * @param cases an answer for each kind
     * @param <R> answer
     * @return the answer for this kind
     */
    <R> R match(Cases<R> cases);

    /**
     * An answer for each kind of task.
     *
     * @param <R> answer
     */
    interface Cases<R> {
        /**
         * The answer for one label a text.
         *
         * @param task the task
         * @return the answer
         */
        R sequenceClassification(SequenceClassification task);
    }
}
