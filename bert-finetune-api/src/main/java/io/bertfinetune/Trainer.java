package io.bertfinetune;

import io.bertfinetune.check.DataCheck;
import io.bertfinetune.check.DataReport;
import io.bertfinetune.checkpoint.Checkpoints;
import io.bertfinetune.checkpoint.FileOperations;
import io.bertfinetune.checkpoint.RunState;
import io.bertfinetune.checkpoint.TrainerStateFile;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.DataLoader;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.ReduceLrOnPlateau;
import io.bertfinetune.text.Padding;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.ProgressCallback;
import io.bertfinetune.training.SaveStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerState;
import io.bertfinetune.training.TrainingLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a model and evaluates it; Hugging Face's {@code Trainer}, with its arguments under their names in camelCase.
 *
 * <pre>{@code
 * var trainer = Trainer.builder().model(model).trainDataset(train).evalDataset(dev)
 *         .computeMetrics(Accuracy.of(), F1.macro())
 *         .evalStrategy(IntervalStrategy.EPOCH).callbacks(EarlyStopping.patience(2))
 *         .numTrainEpochs(10).perDeviceTrainBatchSize(32).learningRate(2e-5)
 *         .build();
 * TrainOutput output = trainer.train();
 * System.out.println(trainer.evaluate());                       // eval_loss=… eval_accuracy=… eval_f1=…
 * }</pre>
 *
 * <p>A trainer holds nothing open: {@code train} opens a session on the model and closes it, and the model stays yours to
 * close. For one thread. How a run gets on is told at level {@code INFO} to the SLF4J logger {@code io.bertfinetune.Trainer};
 * {@link ProgressCallback#lines} prints it.
 *
 * @param <I> input
 * @param <L> label
 * @param <P> prediction
 */
public final class Trainer<I, L, P> {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);

    private static final Duration DATA_CHECK_TIME = Duration.ofSeconds(2);

    private final Model<I, L, P> model;
    private final TrainingArguments args;
    private final Optional<Dataset<Example<I, L>>> trainDataset;
    private final Map<String, Dataset<Example<I, L>>> evalDatasets;
    private final Collator<Example<I, L>> collator;
    private final TrainingLoop<Example<I, L>> loop;
    private final TrainerState untrained;
    private final Events events;
    private final Pieces<Example<I, L>> evalPieces;
    private final Evaluation<Example<I, L>, P> evaluation;
    private final FileOperations files;
    private final Checkpoints checkpoints;

    private Trainer(Builder<I, L, P> builder, TrainingArguments args, ReportedMetrics<Example<I, L>, P> metrics) {
        this.model = builder.model;
        this.args = args;
        this.trainDataset = builder.trainDataset;
        this.evalDatasets = new LinkedHashMap<>(builder.evalDatasets);
        this.collator = builder.dataCollator.orElseGet(() -> model.collator(Padding.LONGEST));
        this.loop = builder.trainingLoop;
        this.untrained = untrained(metrics);
        List<TrainerCallback> callbacks = new ArrayList<>();
        callbacks.add(new DefaultFlow(args));
        callbacks.addAll(builder.callbacks);
        callbacks.add(ProgressCallback.logged());
        callbacks.add(new FirstPace(log::info, System::nanoTime));
        this.events = new Events(callbacks, untrained, args.includeNumInputTokensSeen() != InputTokens.NO);
        this.evalPieces = new Pieces<>(collator, "perDeviceEvalBatchSize", args.autoFindBatchSize());
        this.evaluation = new Evaluation<>(
                batch -> model.evaluate(batch, args.evalPrecision()),
                evalPieces,
                !args.skipMemoryMetrics(),
                metrics,
                events);
        this.files = builder.files;
        this.checkpoints = new Checkpoints(args.outputDir(), files);
    }

    /**
     * Begins a trainer: say first which model, which settles the types of everything after it.
     *
     * @return the first word
     */
    public static Start builder() {
        return new Start();
    }

    /**
     * Trains the model, from the weights it has, for the whole run. A second call begins anew with the weights of the
     * first.
     *
     * <p>Interrupting the thread ends the run within one step with a {@link io.bertfinetune.error.BertFineTuneException};
     * the interrupt stays set. However the run ends, the session is closed, and the model keeps the weights of the last
     * whole step; with {@code loadBestModelAtEnd} those of the best evaluation, if the run came to its end.
     *
     * <p>Checkpoints go to {@code outputDir}, see {@link ArgumentsBuilder#saveStrategy}; one of the same step that is there
     * is replaced, others of earlier runs stay.
     *
     * @return how it ended
     * @throws IllegalStateException if there is no {@code trainDataset}
     * @throws IllegalArgumentException if the data is too little for a batch
     * @throws io.bertfinetune.error.NonFiniteLossException if the loss becomes NaN or infinite
     * @throws io.bertfinetune.error.AllocationException if a batch does not fit into memory; with
     *     {@code autoFindBatchSize}, if a single example does not
     * @throws io.bertfinetune.error.DataException if the data cannot be read or does not fit the task
     * @throws io.bertfinetune.error.TerminatedException if a SIGTERM ended the run, with {@code enableJitCheckpoint}
     * @throws io.bertfinetune.error.CheckpointException if a checkpoint cannot be written; those that were there are as
     *     they were, and if the folder cannot be written to at all, no step is made
     */
    public TrainOutput train() {
        return train((plan, settings) -> Optional.empty());
    }

    /**
     * Goes on from a checkpoint of this run: every number of the result is what the run would have come to without the
     * break, but for how long things took; times add up over all parts. Batches trained on before are not made again.
     *
     * @param checkpoint a folder {@code checkpoint-<step>} that a run with the same settings, data and labels saved
     * @return how the whole run ended
     * @throws io.bertfinetune.error.CheckpointException if a file is missing or damaged, or if the checkpoint is of another
     *     run; the message names the file, or each setting that differs. The model's weights are as they were, but for a
     *     head that never was trained, which may have been drawn
     * @throws IllegalStateException if there is no {@code trainDataset}
     * @see #train for what else may happen
     */
    public TrainOutput resume(Path checkpoint) {
        return train((plan, settings) -> Optional.of(Resumption.exact(Resumption.verified(checkpoint), settings)));
    }

    /**
     * Goes on from the newest whole checkpoint in {@code outputDir}, or trains from the start if there is none. A
     * checkpoint that is damaged is skipped, which the log tells.
     *
     * @return how the whole run ended
     * @throws io.bertfinetune.error.CheckpointException if that checkpoint is of another run
     * @throws IllegalStateException if there is no {@code trainDataset}
     * @see #resume
     */
    public TrainOutput resumeLatest() {
        Optional<Checkpoints.Whole> latest = checkpoints.latest();
        log.info(
                "resumeLatest: {}",
                latest.map(whole -> "going on from " + whole.folder())
                        .orElse("no checkpoint in " + args.outputDir() + ", training from the start"));
        return train((plan, settings) -> latest.map(whole -> Resumption.exact(whole, settings)));
    }

    /**
     * Goes on from a checkpoint without its optimizer: weights, position and log are the checkpoint's, what the optimizer
     * remembers of earlier gradients is not. This is how to go on from a checkpoint that Hugging Face's Trainer wrote, whose
     * optimizer state is a pickle, and from one saved with {@code saveOnlyModel}; Hugging Face does the same silently when
     * {@code optimizer.pt} is missing. Settings may differ from those of the checkpoint's run; if batches or data do, the
     * position is where this run would be after as many steps. A run that was over goes on if it is longer now, or was
     * stopped early.
     *
     * @param checkpoint a folder with {@code trainer_state.json} and weights
     * @return how the run ended; for a checkpoint of Hugging Face's, {@code train_loss} and times are of this part alone
     * @throws io.bertfinetune.error.CheckpointException if a file is missing or damaged, or the weights do not fit
     * @throws IllegalStateException if there is no {@code trainDataset}
     */
    public TrainOutput resumeWithFreshOptimizer(Path checkpoint) {
        return train((plan, settings) -> Optional.of(Resumption.fresh(checkpoint, args, plan, settings, untrained)));
    }

    private TrainOutput train(BiFunction<Plan, Map<String, String>, Optional<Resumption>> from) {
        Dataset<Example<I, L>> data = trainDataset.orElseThrow(
                () -> new IllegalStateException("train: no data; give Trainer.builder() a trainDataset(…)"));
        DataLoader<Example<I, L>> batches = trainLoader(data);
        Plan plan = plan(data, batches);
        Map<String, String> settings =
                Settings.of(args, plan, data.size(), model.task(), untrained.metricForBestModel());
        Optional<Resumption> resumption = from.apply(plan, settings);
        TrainerState begun = begun(plan, resumption);
        if (args.dataCheck()) {
            checkData(data);
        }
        if (args.saveStrategy() != SaveStrategy.NO || args.loadBestModelAtEnd() || args.enableJitCheckpoint()) {
            checkpoints.prepare();
        }
        String name = resumption
                .map(goingOn -> goingOn.state().run())
                .orElseGet(() -> UUID.randomUUID().toString());
        Saves saves = new Saves(model, args, checkpoints, events, name, settings);
        SessionOptions options = SessionOptions.of(args.optim())
                .weightDecay(args.weightDecay())
                .parameterGroups(args.parameterGroups())
                .labelSmoothingFactor(args.labelSmoothingFactor())
                .seed(args.seed())
                .precision(args.precision())
                .debug(args.debug());
        Pieces<Example<I, L>> pieces = new Pieces<>(collator, "perDeviceTrainBatchSize", args.autoFindBatchSize());
        try (MemoryWatch memory = args.skipMemoryMetrics() ? MemoryWatch.off() : MemoryWatch.start();
                Sigterm sigterm = args.enableJitCheckpoint() ? Sigterm.listen() : Sigterm.ignored();
                TrainingSession<Example<I, L>> session = model.startTraining(options);
                TrainingRun<Example<I, L>> run = new TrainingRun<>(
                        args,
                        plan,
                        batches,
                        events,
                        this::evaluate,
                        session,
                        saves,
                        pieces,
                        evalPieces,
                        sigterm,
                        memory)) {
            resumption.ifPresent(goingOn -> restore(goingOn, session));
            events.change(earlier -> begun.toBuilder());
            resumption.ifPresentOrElse(goingOn -> run.resume(goingOn.state()), () -> begin(run));
            loop.run(run.heard(), run);
            return run.end();
        }
    }

    /** Logs what is wrong with the data. Streams are left alone: some can be read only once, whatever they should. */
    private void checkData(Dataset<Example<I, L>> data) {
        if (!(data instanceof IndexedDataset)) {
            log.info(
                    "data check: trainDataset is a stream; not looked at, as it may be one that can be read only once");
            return;
        }
        DataCheck<I, L> check = DataCheck.of(model, data)
                .batchSize(args.perDeviceTrainBatchSize())
                .optimizer(args.optim())
                .within(DATA_CHECK_TIME);
        for (Map.Entry<String, Dataset<Example<I, L>>> eval : evalDatasets.entrySet()) {
            String name = eval.getKey().isEmpty() ? "eval" : "eval_" + eval.getKey();
            if (eval.getValue() instanceof IndexedDataset) {
                check = check.eval(name, eval.getValue());
            } else {
                log.info(
                        "data check: {} is a stream; not looked at, as it may be one that can be read only once", name);
            }
        }
        DataReport report = check.run();
        report.summary().lines().forEach(line -> log.info("data check: {}", line));
        report.warnings().forEach(warning -> log.warn("data check: {}", warning));
    }

    private void begin(TrainingRun<Example<I, L>> run) {
        run.begin();
        if (args.evalOnStart()) {
            evaluate();
        }
    }

    /** The model's weights last: until then it is as it was. */
    private void restore(Resumption resumption, TrainingSession<Example<I, L>> session) {
        if (resumption.withOptimizer()) {
            session.restoreState(resumption.checkpoint().resolve(Resumption.OPTIMIZER));
        } else {
            log.warn(
                    "going on from {} with a fresh optimizer: the next steps are not those of the run it comes from",
                    resumption.checkpoint());
        }
        model.restore(resumption.checkpoint());
    }

    /**
     * Evaluates the evaluation sets: the loss, weighted by items, the metrics, and the speed. Logged, as in training.
     *
     * @return {@code eval_loss}, {@code eval_accuracy} …, {@code eval_runtime}, {@code eval_samples_per_second},
     *     {@code eval_steps_per_second} and {@code epoch}, with {@code skipMemoryMetrics(false)} memory too; of a data set
     *     with a name {@code eval_<name>_loss} …
     * @throws IllegalStateException if there is no {@code evalDataset}
     * @throws io.bertfinetune.error.DataException if there are no examples, or one does not fit the task
     */
    public Metrics evaluate() {
        if (evalDatasets.isEmpty()) {
            throw new IllegalStateException(
                    "evaluate: no data; give Trainer.builder() an evalDataset(…), or call evaluate(data)");
        }
        Metrics all = Metrics.of(Map.of());
        for (var named : evalDatasets.entrySet()) {
            String name = named.getKey();
            all = all.with(evaluate(name.isEmpty() ? "eval" : "eval_" + name, named.getValue()));
        }
        return all;
    }

    /**
     * Evaluates another data set.
     *
     * @param data labelled examples
     * @return the same numbers as {@link #evaluate()}, of this data
     * @throws io.bertfinetune.error.DataException if there are no examples, or one does not fit the task
     */
    public Metrics evaluate(Dataset<Example<I, L>> data) {
        return evaluate("eval", data);
    }

    /**
     * Asks the model about every example. All predictions are kept; for data that does not fit into memory there is
     * {@link #predict(Dataset, Consumer)}.
     *
     * @param data labelled examples
     * @return each example with its prediction, in order, and the metrics, named {@code test_…}
     * @throws io.bertfinetune.error.DataException if there are no examples, or one does not fit the task
     */
    public PredictionOutput<Example<I, L>, P> predict(Dataset<Example<I, L>> data) {
        List<Outcome<Example<I, L>, P>> outcomes = new ArrayList<>();
        Metrics metrics = predict(data, outcomes::add);
        return new PredictionOutput<>(outcomes, metrics);
    }

    /**
     * Asks the model about every example and hands on each prediction as it comes; memory does not grow with the data.
     *
     * <pre>{@code
     * Metrics metrics = trainer.predict(reviews, outcome -> writer.println(outcome.prediction().label()));
     * }</pre>
     *
     * @param data labelled examples
     * @param each takes each example with its prediction, in the order of the data
     * @return the metrics, named {@code test_…}
     * @throws io.bertfinetune.error.DataException if there are no examples, or one does not fit the task
     */
    public Metrics predict(Dataset<Example<I, L>> data, Consumer<? super Outcome<Example<I, L>, P>> each) {
        Metrics metrics = evaluation.run("test", data, collator, args, each::accept);
        events.predict(metrics);
        return metrics;
    }

    /**
     * Writes the model as it is now; see {@link Model#save}.
     *
     * @param folder the folder; created if it is not there
     * @throws io.bertfinetune.error.CheckpointException if it cannot be written
     */
    public void saveModel(Path folder) {
        model.save(folder);
    }

    /**
     * Writes results into {@code outputDir}, as Hugging Face's {@code save_metrics} does: {@code <split>_results.json}, and
     * {@code all_results.json} with those of every split. Files that are there are replaced, each at once.
     *
     * @param split {@code train}, {@code eval} or {@code test}
     * @param metrics what {@link #train}, {@link #evaluate()} or {@link #predict} found
     * @throws CheckpointException if they cannot be written
     * @throws io.bertfinetune.error.DataException if there is an {@code all_results.json} that is something else
     */
    public void saveMetrics(String split, Metrics metrics) {
        MetricsFiles.save(files, args.outputDir(), split, metrics);
    }

    /**
     * Writes {@code README.md}, the model card of this run, as Hugging Face's {@code create_model_card} lays it out: front
     * matter for the Hub with the results as {@code model-index}, hyperparameters, a table of the evaluations, versions.
     * The results are those of the last evaluation; of the best one if {@code loadBestModelAtEnd} took its weights and
     * nothing was evaluated after.
     *
     * @param folder where the model is saved; created if it is not there. A {@code README.md} that is there is replaced, at
     *     once
     * @param card what the trainer cannot know
     * @return the file
     * @throws CheckpointException if it cannot be written
     */
    public Path createModelCard(Path folder, ModelCard card) {
        List<String> versions = ModelCardText.versions(model.getClass());
        String text = new ModelCardText(card, model.task(), args, events.state(), versions).text();
        try {
            return files.replace(folder, "README.md", text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CheckpointException(folder.resolve("README.md") + " cannot be written: " + e, e);
        }
    }

    /**
     * The arguments of this trainer.
     *
     * @return the arguments
     */
    public TrainingArguments arguments() {
        return args;
    }

    /**
     * Where the run stands, with everything logged so far; {@code train} begins it anew.
     *
     * @return the state
     */
    public TrainerState state() {
        return events.state();
    }

    private Metrics evaluate(String prefix, Dataset<Example<I, L>> data) {
        Metrics metrics = evaluation.run(prefix, data, collator, args, outcome -> {});
        events.log(metrics);
        Metrics reported = metrics.with("epoch", events.state().epoch());
        events.evaluate(reported);
        return reported;
    }

    private DataLoader<Example<I, L>> trainLoader(Dataset<Example<I, L>> data) {
        DataLoader<Example<I, L>> batches = DataLoader.of(data, collator)
                .batchSize(args.perDeviceTrainBatchSize())
                .dropLast(args.dataloaderDropLast())
                .seed(args.dataSeed().orElse(args.seed()))
                .prefetch(args.dataloaderPrefetchFactor());
        if (data instanceof IndexedDataset<?> indexed) {
            if (args.trainSamplingStrategy() == Sampler.groupByLength()) {
                log.info(
                        "trainSamplingStrategy {}: counting the tokens of {} examples",
                        args.trainSamplingStrategy(),
                        indexed.count());
            }
            return batches.sampler(args.trainSamplingStrategy());
        }
        log.warn("trainDataset is a stream: its examples are trained on in the order they come, not shuffled");
        return batches;
    }

    private Plan plan(Dataset<Example<I, L>> data, DataLoader<Example<I, L>> batches) {
        if (!knowsSize(data)) {
            return Plan.ofSteps(args);
        }
        int perEpoch = batches.batches();
        if (perEpoch == 0) {
            throw new IllegalArgumentException("trainDataset: dataloaderDropLast(" + args.dataloaderDropLast()
                    + ") leaves no batch of perDeviceTrainBatchSize(" + args.perDeviceTrainBatchSize() + ")");
        }
        return Plan.of(args, perEpoch);
    }

    private TrainerState untrained(ReportedMetrics<Example<I, L>, P> metrics) {
        TrainerState.Builder state = TrainerState.builder().trainBatchSize(args.perDeviceTrainBatchSize());
        args.runName().ifPresent(state::runName);
        if (evalDatasets.isEmpty()) {
            metrics.describe(state, "");
        }
        evalDatasets.keySet().forEach(name -> metrics.describe(state, name.isEmpty() ? "" : name + "_"));
        args.metricForBestModel().ifPresent(name -> {
            try {
                state.build().greaterIsBetter(name);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("metricForBestModel(" + name + "): " + e.getMessage(), e);
            }
            state.metricForBestModel(name);
        });
        checkPlateau(state.build());
        return state.build();
    }

    private void checkPlateau(TrainerState state) {
        String metric = state.metricForBestModel();
        if (args.lrSchedulerType() instanceof ReduceLrOnPlateau plateau
                && state.greaterIsBetter(metric) != (plateau.mode() == ReduceLrOnPlateau.Mode.MAX)) {
            String better = state.greaterIsBetter(metric) ? "MAX" : "MIN";
            throw new IllegalArgumentException("lrSchedulerType(reduce_lr_on_plateau) with mode " + plateau.mode()
                    + " beside the metric " + metric + ", which gets better the other way; say mode(" + better
                    + "), or metricForBestModel(…) of another metric");
        }
    }

    private TrainerState begun(Plan plan, Optional<Resumption> resumption) {
        TrainerState.Builder begun = untrained.toBuilder()
                .maxSteps(plan.maxSteps())
                .numTrainEpochs(plan.epochs())
                .loggingSteps(args.loggingSteps().in(plan.maxSteps()))
                .evalSteps(args.evalSteps().in(plan.maxSteps()))
                .saveSteps(args.saveSteps().in(plan.maxSteps()));
        if (resumption.isPresent()) {
            RunState state = resumption.get().state();
            TrainerStateFile.read(resumption.get().checkpoint(), begun).examplesSeen(state.examplesSeen());
        }
        return begun.build();
    }

    private static boolean knowsSize(Dataset<?> data) {
        return data.size().isPresent();
    }

    /** The first word of a trainer. */
    public static final class Start {
        private Start() {}

        /**
         * The model to train.
         *
         * @param model the model; it stays yours to close
         * @param <I> input
         * @param <L> label
         * @param <P> prediction
         * @return a builder for data and arguments of its types
         */
        public <I, L, P> Builder<I, L, P> model(Model<I, L, P> model) {
            return new Builder<>(model);
        }
    }

    /**
     * What to train on, what to report and how; the arguments are in {@link ArgumentsBuilder}.
     *
     * @param <I> input
     * @param <L> label
     * @param <P> prediction
     */
    public static final class Builder<I, L, P> extends ArgumentsBuilder<Builder<I, L, P>> {
        private final Model<I, L, P> model;
        private Optional<Dataset<Example<I, L>>> trainDataset = Optional.empty();
        private final Map<String, Dataset<Example<I, L>>> evalDatasets = new LinkedHashMap<>();
        private final List<Metric<? super Example<I, L>, ? super P>> metrics = new ArrayList<>();
        private final List<TrainerCallback> callbacks = new ArrayList<>();
        private Optional<Collator<Example<I, L>>> dataCollator = Optional.empty();
        private TrainingLoop<Example<I, L>> trainingLoop = TrainingLoop.standard();
        private FileOperations files = FileOperations.ofDisk();

        private Builder(Model<I, L, P> model) {
            this.model = Objects.requireNonNull(model, "model");
        }

        @Override
        Builder<I, L, P> self() {
            return this;
        }

        /**
         * The examples to learn from.
         *
         * @param data labelled examples
         * @return this builder
         */
        public Builder<I, L, P> trainDataset(Dataset<Example<I, L>> data) {
            trainDataset = Optional.of(data);
            return this;
        }

        /**
         * The examples to evaluate on.
         *
         * @param data labelled examples
         * @return this builder
         */
        public Builder<I, L, P> evalDataset(Dataset<Example<I, L>> data) {
            evalDatasets.put("", Objects.requireNonNull(data, "data"));
            return this;
        }

        /**
         * One more data set to evaluate on, reported as {@code eval_<name>_loss} and so on.
         *
         * @param name its name
         * @param data labelled examples
         * @return this builder
         * @throws IllegalArgumentException if the name is empty, or taken by another data set
         */
        public Builder<I, L, P> evalDataset(String name, Dataset<Example<I, L>> data) {
            if (name.isBlank() || evalDatasets.containsKey(name)) {
                throw new IllegalArgumentException(
                        "evalDataset: the name '" + name + "' is empty or taken by another data set");
            }
            evalDatasets.put(name, Objects.requireNonNull(data, "data"));
            return this;
        }

        /**
         * The metrics to report, in place of the task's own; the first says which evaluation is best. A metric is also asked
         * for its numbers over no outcomes, to learn their names.
         *
         * @param metrics one or more metrics; a second call adds to them
         * @return this builder
         */
        @SafeVarargs
        @SuppressWarnings("varargs") // only read
        public final Builder<I, L, P> computeMetrics(Metric<? super Example<I, L>, ? super P>... metrics) {
            if (metrics.length == 0) {
                throw new IllegalArgumentException(
                        "computeMetrics: no metrics; for the loss alone there is predictionLossOnly(true)");
            }
            this.metrics.addAll(List.of(metrics));
            return this;
        }

        /**
         * What makes batches of examples; the model's own, padding to the longest, unless said.
         *
         * @param collator the collator; its batches must be what the model reads
         * @return this builder
         */
        public Builder<I, L, P> dataCollator(Collator<Example<I, L>> collator) {
            dataCollator = Optional.of(collator);
            return this;
        }

        /**
         * Who watches the run.
         *
         * @param callbacks the callbacks, told of each event in this order; a second call adds to them
         * @return this builder
         */
        public Builder<I, L, P> callbacks(TrainerCallback... callbacks) {
            this.callbacks.addAll(List.of(callbacks));
            return this;
        }

        /**
         * What to do with the micro-batches of each update; {@link TrainingLoop#standard} unless said.
         *
         * @param loop the loop
         * @return this builder
         */
        public Builder<I, L, P> trainingLoop(TrainingLoop<Example<I, L>> loop) {
            trainingLoop = Objects.requireNonNull(loop, "loop");
            return this;
        }

        /** How checkpoints reach the disk, for tests. */
        Builder<I, L, P> files(FileOperations operations) {
            files = operations;
            return this;
        }

        /**
         * Takes every argument from these, in place of what was said before; what is said after changes single ones.
         *
         * @param args the arguments
         * @return this builder
         */
        public Builder<I, L, P> args(TrainingArguments args) {
            startFrom(args.values());
            return this;
        }

        /**
         * Checks that nothing contradicts, and makes the trainer.
         *
         * @return the trainer
         * @throws IllegalArgumentException if two words contradict each other; the message names both
         * @throws EngineException if the model's device has not the precision of {@code bf16}, {@code fp16}, {@code bf16FullEval} or {@code tf32};
         *     the message says what is missing
         */
        public Trainer<I, L, P> build() {
            TrainingArguments args = TrainingArguments.of(this);
            checkPrecision(Argument.BF16, Precision.BFLOAT16, args);
            checkPrecision(Argument.FP16, Precision.FLOAT16, args);
            checkPrecision(Argument.BF16_FULL_EVAL, Precision.BFLOAT16, args);
            checkPrecision(Argument.TF32, Precision.TENSOR_FLOAT32, args);
            checkEvaluation(args);
            trainDataset.ifPresent(data -> checkTraining(data, args));
            Trainer<I, L, P> trainer = new Trainer<>(this, args, new ReportedMetrics<>(reported(args)));
            trainer.events.initEnd();
            return trainer;
        }

        private List<Metric<? super Example<I, L>, ? super P>> reported(TrainingArguments args) {
            if (args.predictionLossOnly()) {
                return List.of();
            }
            return metrics.isEmpty() ? model.task().defaultMetrics() : metrics;
        }

        private void checkPrecision(Argument<Boolean> argument, Precision precision, TrainingArguments args) {
            if (argument.in(args.values())) {
                model.missingFor(precision).ifPresent(missing -> {
                    throw new EngineException(argument + "(true): " + missing);
                });
            }
        }

        private void checkEvaluation(TrainingArguments args) {
            boolean evaluates = args.evalStrategy() != IntervalStrategy.NO;
            if (evaluates && evalDatasets.isEmpty()) {
                throw new IllegalArgumentException("evalStrategy(" + args.evalStrategy()
                        + ") without evalDataset(…): there is nothing to evaluate");
            }
            if (args.evalOnStart() && evalDatasets.isEmpty()) {
                throw new IllegalArgumentException(
                        "evalOnStart(true) without evalDataset(…): there is nothing to evaluate");
            }
            if (!evaluates && args.saveStrategy() == SaveStrategy.BEST) {
                throw new IllegalArgumentException(
                        "saveStrategy(BEST) beside evalStrategy(NO): no evaluation says what is"
                                + " best; add evalStrategy(IntervalStrategy.EPOCH)");
            }
            if (!evaluates && args.loadBestModelAtEnd()) {
                throw new IllegalArgumentException(
                        "loadBestModelAtEnd(true) beside evalStrategy(NO): no evaluation says"
                                + " what is best; add evalStrategy(IntervalStrategy.EPOCH)");
            }
            if (args.predictionLossOnly() && !metrics.isEmpty()) {
                throw new IllegalArgumentException(
                        "predictionLossOnly(true) beside computeMetrics(…): the metrics would not be computed");
            }
            if (!evaluates && callbacks.stream().anyMatch(EarlyStopping.class::isInstance)) {
                throw new IllegalArgumentException("callbacks(EarlyStopping) beside evalStrategy(NO): it would see no"
                        + " evaluation; add evalStrategy(IntervalStrategy.EPOCH)");
            }
        }

        private void checkTraining(Dataset<Example<I, L>> data, TrainingArguments args) {
            if (args.maxSteps() < 0 && !knowsSize(data)) {
                throw new IllegalArgumentException("numTrainEpochs(" + args.numTrainEpochs()
                        + ") beside a trainDataset(…) that does not know its size: say how long with maxSteps(…)");
            }
            Sampler sampler = args.trainSamplingStrategy();
            boolean isDefault = sampler == Sampler.random() && !isSaid(Argument.TRAIN_SAMPLING_STRATEGY);
            boolean isOrdered = sampler == Sampler.sequential();
            if (!isDefault && !isOrdered && !(data instanceof IndexedDataset)) {
                throw new IllegalArgumentException("trainSamplingStrategy(" + sampler
                        + ") beside a trainDataset(…) that is a stream: only an IndexedDataset has another order than its"
                        + " own; Dataset.of(list) is one");
            }
        }
    }
}
