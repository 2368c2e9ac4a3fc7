package io.bertfinetune;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.DataLoader;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.model.EvalResult;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One pass over a data set without training: the loss, weighted by items, and the metrics. Outcomes are handed on as they
 * come, so memory does not grow with the data.
 */
final class Evaluation<E, P> {
    private final Function<Batch<E>, EvalResult<P>> model;
    private final ReportedMetrics<E, P> metrics;
    private final Events events;

    Evaluation(Function<Batch<E>, EvalResult<P>> model, ReportedMetrics<E, P> metrics, Events events) {
        this.model = model;
        this.metrics = metrics;
        this.events = events;
    }

    /** The numbers, {@code <prefix>_loss} first; {@code each} sees every outcome, in the order of the data. */
    Metrics run(String prefix, DataLoader<E> data, Consumer<Outcome<E, P>> each) {
        Speed speed = new Speed();
        MeanLoss loss = new MeanLoss();
        List<RunningMetric<E, P>> running = metrics.start();
        long examples = 0;
        long steps = 0;
        try (DataLoader.Pass<E> batches = data.epoch(0)) {
            for (Batch<E> batch : batches) {
                Interrupts.check("evaluation");
                EvalResult<P> result = model.apply(batch);
                loss.add(result.loss(), result.items());
                for (int i = 0; i < batch.size(); i++) {
                    Outcome<E, P> outcome = new Outcome<>(
                            batch.examples().get(i), result.predictions().get(i));
                    running.forEach(metric -> metric.add().accept(outcome));
                    each.accept(outcome);
                }
                examples += batch.size();
                steps++;
                events.predictionStep();
            }
        }
        Metrics numbers = Metrics.of("loss", loss.value()).with(metrics.together(running));
        return speed.report(numbers.withPrefix(prefix + "_"), prefix, examples, steps);
    }
}
