package io.bertfinetune;

import io.bertfinetune.checkpoint.RunState;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.DataLoader;
import io.bertfinetune.error.TerminatedException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.model.StepResult;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.Progress;
import io.bertfinetune.optim.ReduceLrOnPlateau;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.SaveStrategy;
import io.bertfinetune.training.TrainerState;
import io.bertfinetune.training.TrainingLoop;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of {@code train}, as the loop sees it: the updates to work through, each made as it is asked for, and a session
 * whose calls are heard. Asking for the next update ends the one before, which is when it is counted, logged,
 * evaluated and saved; so any {@link TrainingLoop} has events in Hugging Face's order.
 */
final class TrainingRun<E> implements Iterable<TrainingLoop.Update<E>>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);

    private final TrainingArguments args;
    private final Plan plan;
    private final DataLoader<E> data;
    private final Events events;
    private final Supplier<Metrics> evaluate;
    private final TrainingSession<E> session;
    private final Saves saves;
    private final Pieces<E> pieces;
    private final Pieces<?> evalPieces;
    private final Sigterm sigterm;
    private final MemoryWatch memory;

    private Speed speed = new Speed();
    private final MeanLoss lossSinceLog = new MeanLoss();
    private final MeanLoss lossOfRun = new MeanLoss();
    private OptionalDouble gradNorm = OptionalDouble.empty();
    private OptionalDouble learningRate = OptionalDouble.empty();
    private long loggedStep;
    private long savedStep = -1;
    private final List<Double> evaluations = new ArrayList<>();

    private double batchesPerEpoch;
    private int epochsBegun;
    private @Nullable Updates<E> epoch;
    private @Nullable Step<E> step;
    private boolean forwarded;
    private boolean updated;

    private final Iterator<TrainingLoop.Update<E>> updates = new Iterator<>() {
        @Override
        public boolean hasNext() {
            finishStep();
            if (isOver()) {
                return false;
            }
            if (sigterm.isHeard()) {
                endBySigterm();
            }
            return true;
        }

        @Override
        public TrainingLoop.Update<E> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return beginStep();
        }
    };

    /** The update handed out last. */
    private record Step<E>(List<Batch<E>> microBatches, double learningRate, double maxGradNorm)
            implements TrainingLoop.Update<E> {
        Step {
            microBatches = List.copyOf(microBatches);
        }

        long examples() {
            return microBatches.stream().mapToLong(Batch::size).sum();
        }
    }

    TrainingRun(
            TrainingArguments args,
            Plan plan,
            DataLoader<E> data,
            Events events,
            Supplier<Metrics> evaluate,
            TrainingSession<E> session,
            Saves saves,
            Pieces<E> pieces,
            Pieces<?> evalPieces,
            Sigterm sigterm,
            MemoryWatch memory) {
        this.args = args;
        this.plan = plan;
        this.data = data;
        this.events = events;
        this.evaluate = evaluate;
        this.session = session;
        this.saves = saves;
        this.pieces = pieces;
        this.evalPieces = evalPieces;
        this.sigterm = sigterm;
        this.memory = memory;
        // of data that does not know its size the run counts as one epoch, until the first has ended
        this.batchesPerEpoch = plan.batchesPerEpoch().isPresent()
                ? plan.batchesPerEpoch().getAsInt()
                : (double) plan.maxSteps() * args.gradientAccumulationSteps();
    }

    void begin() {
        events.trainBegin();
    }

    /** Goes on where this state was saved; the state of the events is that of the same moment. */
    void resume(RunState state) {
        speed = new Speed(state.runtimeNanos());
        RunState.Losses losses = state.losses();
        lossSinceLog.restore(losses.sumSinceLog(), losses.itemsSinceLog());
        lossOfRun.restore(losses.sum(), losses.items());
        gradNorm = losses.gradNorm();
        learningRate = losses.learningRate();
        loggedStep = losses.loggedStep();
        evaluations.addAll(state.evaluations());
        pieces.restore(state.pieces().train());
        evalPieces.restore(state.pieces().eval());
        sayBatchSize();
        batchesPerEpoch = state.position().batchesPerEpoch();
        epochsBegun = state.position().epochsBegun();
        events.trainBegin();
        events.restore(state.asked(), state.callbacks());
        if (state.position().inEpoch()) {
            int taken = state.position().batchesTaken();
            Updates<E> rest =
                    new Updates<>(data.epoch(epochsBegun - 1, taken), args.gradientAccumulationSteps(), taken);
            epoch = rest;
            endEpochIfOver(rest);
        }
    }

    /** The same iterator at every call: the updates of a run come once. */
    @Override
    public Iterator<TrainingLoop.Update<E>> iterator() {
        return updates;
    }

    /** The session for the loop: it does what the run's does, and the run hears of it. */
    TrainingSession<E> heard() {
        return new HeardSession();
    }

    TrainOutput end() {
        if (updated) {
            finishStep(); // the loop left right after it
        }
        if (epoch != null) {
            endEpoch(epoch);
        }
        if (args.loadBestModelAtEnd()) {
            saves.loadBest();
        }
        TrainerState state = events.state();
        Metrics metrics = speed.report(Metrics.of(Map.of()), "train", state.examplesSeen(), state.globalStep())
                .with("train_loss", lossOfRun.value());
        metrics = withTokens(withSkipped(memory.report(metrics, "train"), "train_skipped_steps"));
        events.log(metrics);
        events.trainEnd();
        return new TrainOutput(state.globalStep(), lossOfRun.value(), metrics.with("epoch", state.epoch()));
    }

    @Override
    public void close() {
        if (epoch != null) {
            epoch.close();
        }
    }

    private boolean isOver() {
        boolean allEpochsBegun = epochsBegun >= plan.epochs() || events.state().globalStep() >= plan.maxSteps();
        return events.stopTrainingIsAsked() || (epoch == null && allEpochsBegun);
    }

    private TrainingLoop.Update<E> beginStep() {
        checkInterrupt();
        Updates<E> current = epoch == null ? beginEpoch() : epoch;
        events.stepBegin();
        forwarded = false;
        updated = false;
        // as in Hugging Face's Trainer, a step that was left out is a step of the run and none of the schedule
        Progress progress = Progress.at(events.state().globalStep() - session.skippedSteps(), plan.maxSteps())
                .warmup(args.warmupSteps())
                .baseLearningRate(args.learningRate())
                .evaluations(evaluations);
        Step<E> next = new Step<>(
                current.next(),
                args.learningRate() * args.lrSchedulerType().factor(progress),
                args.maxGradNorm() == 0 ? Double.POSITIVE_INFINITY : args.maxGradNorm());
        step = next;
        return next;
    }

    private Updates<E> beginEpoch() {
        events.epochBegin();
        Updates<E> next = new Updates<>(data.epoch(epochsBegun), args.gradientAccumulationSteps(), 0);
        epoch = next;
        epochsBegun++;
        return next;
    }

    private void finishStep() {
        if (step == null || epoch == null) {
            return;
        }
        Step<E> done = step;
        step = null;
        updated = false;
        double epochs = epochsBegun - 1 + epoch.taken() / batchesPerEpoch;
        events.change(state -> state.globalStep(events.state().globalStep() + 1)
                .examplesSeen(events.state().examplesSeen() + done.examples())
                .epoch(epochs));
        checkInterrupt();
        events.stepEnd();
        logEvaluateAndSave();
        endEpochIfOver(epoch);
    }

    private void endEpochIfOver(Updates<E> current) {
        if (events.stopTrainingIsAsked() || events.stopEpochIsAsked()) {
            endEpoch(current);
        } else if (!current.hasNext()) {
            batchesPerEpoch = current.taken();
            events.change(state -> state.epoch(epochsBegun));
            endEpoch(current);
        }
    }

    private void endEpoch(Updates<E> ended) {
        ended.close();
        epoch = null;
        events.epochEnd();
        logEvaluateAndSave();
    }

    private void logEvaluateAndSave() {
        long steps = events.state().globalStep();
        if (events.logIsAsked() && steps > loggedStep) {
            loggedStep = steps;
            events.log(numbersSinceLog());
        }
        if (events.evaluateIsAsked()) {
            boolean better = keepBest(evaluate.get());
            if (better && (args.saveStrategy() == SaveStrategy.BEST || args.loadBestModelAtEnd())) {
                events.askSave();
            }
        }
        if (events.saveIsAsked()) {
            save();
        }
    }

    private void save() {
        saves.save(
                session,
                position(),
                losses(),
                evaluations,
                new RunState.Pieces(pieces.limit(), evalPieces.limit()),
                speed.nanos());
        savedStep = events.state().globalStep();
    }

    /** Saves what there is, if there is something, and leaves. */
    private void endBySigterm() {
        long steps = events.state().globalStep();
        if (steps > 0 && savedStep != steps) {
            save();
        }
        String ended = "training was ended by SIGTERM after step " + steps + " of " + plan.maxSteps()
                + (steps > 0 ? "; its checkpoint is in " + args.outputDir() + ", resumeLatest() goes on" : "");
        log.warn(ended); // the JVM may be over before anyone sees the exception
        throw new TerminatedException(ended);
    }

    private void sayBatchSize() {
        if (pieces.limit() > 0) {
            events.change(state -> state.trainBatchSize(pieces.limit()));
        }
    }

    private RunState.Position position() {
        Updates<E> open = epoch;
        return new RunState.Position(epochsBegun, open != null, open == null ? 0 : open.taken(), batchesPerEpoch);
    }

    private RunState.Losses losses() {
        return new RunState.Losses(
                lossSinceLog.sum(),
                lossSinceLog.items(),
                lossOfRun.sum(),
                lossOfRun.items(),
                gradNorm,
                learningRate,
                loggedStep);
    }

    private Metrics numbersSinceLog() {
        Metrics numbers = Metrics.of(Map.of());
        if (!lossSinceLog.isEmpty()) {
            numbers = numbers.with("loss", lossSinceLog.value());
        }
        if (gradNorm.isPresent()) {
            numbers = numbers.with("grad_norm", gradNorm.getAsDouble());
        }
        if (learningRate.isPresent()) {
            numbers = numbers.with("learning_rate", learningRate.getAsDouble());
        }
        lossSinceLog.reset();
        return withTokens(withSkipped(numbers, "skipped_steps"));
    }

    private Metrics withSkipped(Metrics numbers, String name) {
        long skipped = session.skippedSteps();
        return skipped == 0 ? numbers : numbers.with(name, skipped);
    }

    private Metrics withTokens(Metrics numbers) {
        if (args.includeNumInputTokensSeen() == InputTokens.NO) {
            return numbers;
        }
        long tokens = events.state().numInputTokensSeen();
        return numbers.with("train_tokens_per_second", tokens / speed.seconds());
    }

    /** Whether an evaluation was better than all before. */
    private boolean keepBest(Metrics metrics) {
        TrainerState state = events.state();
        String name = "eval_" + state.metricForBestModel();
        if (metrics.has(name)) {
            evaluations.add(metrics.get(name));
        } else if (args.lrSchedulerType() instanceof ReduceLrOnPlateau) {
            throw new IllegalStateException("lrSchedulerType(reduce_lr_on_plateau) looks at " + name
                    + ", which the evaluation did not report; it reported " + metrics);
        } else {
            return false; // a metric that could not say beforehand what it reports
        }
        double value = metrics.get(name);
        boolean greater = state.greaterIsBetter(state.metricForBestModel());
        double worst = greater ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        double best = state.bestMetric().orElse(worst);
        boolean better = greater ? value > best : value < best; // never NaN
        if (better) {
            events.change(next -> next.bestMetric(value).bestGlobalStep(state.globalStep()));
        }
        return better;
    }

    private long tokens(Batch<E> batch) {
        return switch (args.includeNumInputTokensSeen()) {
            case NO -> 0;
            case ALL -> batch.tensor("input_ids").longs().remaining();
            case NON_PADDING -> {
                LongBuffer mask = batch.tensor("attention_mask").longs();
                long sum = 0;
                while (mask.hasRemaining()) {
                    sum += mask.get();
                }
                yield sum;
            }
        };
    }

    private void checkInterrupt() {
        Interrupts.check("training, after step " + events.state().globalStep() + " of " + plan.maxSteps() + ",");
    }

    /** Tells the run what the loop does. */
    private final class HeardSession implements TrainingSession<E> {
        @Override
        public StepResult forwardBackward(Batch<E> batch) {
            int limit = pieces.limit();
            List<StepResult> results = pieces.each(batch, this::forwardBackwardPiece);
            if (pieces.limit() != limit) {
                sayBatchSize();
            }
            if (results.size() == 1) {
                return results.get(0);
            }
            MeanLoss whole = new MeanLoss();
            results.forEach(result -> whole.add(result.loss(), result.items()));
            return new StepResult(whole.value(), whole.items());
        }

        private StepResult forwardBackwardPiece(Batch<E> batch) {
            checkInterrupt();
            if (forwarded) {
                events.substepEnd();
                forwarded = false; // also where the piece does not fit and is asked for again
            }
            StepResult result = session.forwardBackward(batch);
            forwarded = true;
            if (Double.isFinite(result.loss())) { // or the session leaves the step out
                lossSinceLog.add(result.loss(), result.items());
                lossOfRun.add(result.loss(), result.items());
            }
            countTokens(batch);
            return result;
        }

        private void countTokens(Batch<E> batch) {
            long tokens = tokens(batch);
            if (tokens > 0) {
                events.change(state -> state.numInputTokensSeen(events.state().numInputTokensSeen() + tokens));
            }
        }

        @Override
        public double clipGradNorm(double maxNorm) {
            double norm = session.clipGradNorm(maxNorm);
            gradNorm = OptionalDouble.of(norm);
            return norm;
        }

        @Override
        public void step(double rate) {
            events.preOptimizerStep();
            long skipped = session.skippedSteps();
            session.step(rate);
            if (session.skippedSteps() > skipped) {
                saySkipped();
            }
            updated = true;
            learningRate = OptionalDouble.of(rate);
            events.optimizerStep();
        }

        private void saySkipped() {
            log.info(
                    "step {} of {} is left out: its gradients overflowed float16. The loss is scaled by half from now on,"
                            + " weights and learning rate are as they were; {} left out so far",
                    events.state().globalStep() + 1,
                    plan.maxSteps(),
                    session.skippedSteps());
        }

        @Override
        public long skippedSteps() {
            return session.skippedSteps();
        }

        @Override
        public void zeroGrad() {
            session.zeroGrad();
        }

        @Override
        public void saveState(Path file) {
            session.saveState(file);
        }

        @Override
        public void restoreState(Path file) {
            session.restoreState(file);
        }

        @Override
        public void close() {
            // the trainer closes it
        }
    }
}
