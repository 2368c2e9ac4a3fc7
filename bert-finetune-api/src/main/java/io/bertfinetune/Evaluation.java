package io.bertfinetune;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.DataLoader;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.model.EvalResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One pass over a data set without training: the loss, weighted by items, and the metrics. Examples go through the model in
 * batches of similar length, read a window at a time. Outcomes are put back in order and handed on as they come, so memory
 * does not grow with the data.
 */
final class Evaluation<E, P> {
    /** How many examples a window has, if batches are small: within so many lengths are close to each other. */
    private static final int WINDOW = 4096;

    private static final int MOST_BATCHES = 50;

    private final Function<Batch<E>, EvalResult<P>> model;
    private final Pieces<E> pieces;
    private final boolean watchesMemory;
    private final ReportedMetrics<E, P> metrics;
    private final Events events;

    Evaluation(
            Function<Batch<E>, EvalResult<P>> model,
            Pieces<E> pieces,
            boolean watchesMemory,
            ReportedMetrics<E, P> metrics,
            Events events) {
        this.model = model;
        this.pieces = pieces;
        this.watchesMemory = watchesMemory;
        this.metrics = metrics;
        this.events = events;
    }

    /** The numbers, {@code <prefix>_loss} first; {@code each} sees every outcome, in the order of the data. */
    Metrics run(
            String prefix,
            Dataset<E> data,
            Collator<E> collator,
            TrainingArguments args,
            Consumer<Outcome<E, P>> each) {
        if (data.size().orElse(1) == 0) {
            throw new DataException(prefix + ": the data set is empty, expected at least one example");
        }
        try (MemoryWatch memory = watchesMemory ? MemoryWatch.start() : MemoryWatch.off()) {
            return memory.report(evaluate(prefix, loader(data, collator, args), each), prefix);
        }
    }

    private Metrics evaluate(String prefix, DataLoader<Placed<E>> data, Consumer<Outcome<E, P>> each) {
        Speed speed = new Speed();
        MeanLoss loss = new MeanLoss();
        List<RunningMetric<E, P>> running = metrics.start();
        InOrder<Outcome<E, P>> inOrder = new InOrder<>((place, outcome) -> {
            running.forEach(metric -> metric.add().accept(outcome));
            each.accept(outcome);
            events.outcome(place, outcome);
        });
        long examples = 0;
        long steps = 0;
        try (DataLoader.Pass<Placed<E>> batches = data.epoch(0)) {
            for (Batch<Placed<E>> batch : batches) {
                Interrupts.check("evaluation");
                List<P> predictions = new ArrayList<>();
                for (EvalResult<P> result : pieces.each(Placed.batch(batch), model)) {
                    loss.add(result.loss(), result.items());
                    predictions.addAll(result.predictions());
                }
                for (int i = 0; i < batch.size(); i++) {
                    Placed<E> example = batch.examples().get(i);
                    inOrder.add(example.place(), new Outcome<>(example.value(), predictions.get(i)));
                }
                examples += batch.size();
                steps++;
                events.predictionStep();
            }
        }
        Metrics numbers = Metrics.of("loss", loss.value()).with(metrics.together(running));
        return speed.report(numbers.withPrefix(prefix + "_"), prefix, examples, steps);
    }

    private static <E> DataLoader<Placed<E>> loader(Dataset<E> data, Collator<E> collator, TrainingArguments args) {
        int batchSize = args.perDeviceEvalBatchSize();
        return DataLoader.of(Placed.all(data), Placed.collator(collator))
                .batchSize(batchSize)
                .prefetch(args.dataloaderPrefetchFactor())
                .lengthWindow(Math.max(1, Math.min(MOST_BATCHES, WINDOW / batchSize)));
    }
}
