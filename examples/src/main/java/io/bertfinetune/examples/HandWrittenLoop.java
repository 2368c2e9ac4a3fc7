package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.DataLoader;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.MatthewsCorrelation;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Progress;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The training loop written out, step by step, as in the tutorial of McCormick and Ryan (2019): shuffle, forward,
 * backward, clip, step, and after each epoch a look at the validation set. Part 3 of the workshop explains it.
 *
 * <p>{@code --data} names the raw folder of CoLA, the tutorial's data, or one with {@code train.csv},
 * {@code validation.csv} and {@code test.csv}.
 */
public final class HandWrittenLoop {
    private static final int TELL_EVERY = 20;

    private HandWrittenLoop() {}

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     */
    public static void main(String... args) {
        List<Flag> known = new ArrayList<>(List.of(Flag.MODEL, Flag.DATA));
        known.addAll(LoopFlags.ALL);
        known.add(LoopFlags.SEED);
        Flags flags = Flags.parse(known, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(known));
            return;
        }
        Settings settings = LoopFlags.settings(flags, flags.whole(LoopFlags.SEED.name()));
        Corpus corpus = LoopFlags.corpus(flags);
        Path pretrained = Shipped.model(flags);
        System.out.println("-- one step");
        try (var model = open(pretrained, corpus)) {
            lookAtOneStep(model, corpus, settings);
        }
        System.out.println("-- training");
        try (var model = open(pretrained, corpus)) {
            train(model, corpus, settings, System.out::println);
            System.out.println("-- test");
            // #region test
            Evaluation test = evaluate(model, corpus.test());
            System.out.println("test: " + test.metrics());
            System.out.println("test, batch by batch: " + rounded(byBatch(test.outcomes())));
            // #endregion test
        }
    }

    // #region settings
    /** What you decide before training begins. */
    record Settings(
            int epochs,
            int batchSize,
            double learningRate,
            Steps warmup,
            double weightDecay,
            double maxGradNorm,
            long seed) {}
    // #endregion settings

    // #region results
    /** What an evaluation found, and each example with its prediction. */
    record Evaluation(Metrics metrics, List<Outcome<Example<Text, String>, Classification>> outcomes) {}

    /** How an epoch went. */
    record Epoch(double trainLoss, Metrics validation) {}
    // #endregion results

    // #region open
    static Model<Text, String, Classification> open(Path pretrained, Corpus corpus) {
        return Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(corpus.train()));
    }
    // #endregion open

    // #region loader
    static DataLoader<Example<Text, String>> loader(
            Model<Text, String, Classification> model, Corpus corpus, Settings settings) {
        return DataLoader.of(corpus.train(), model.collator(Padding.LONGEST))
                .batchSize(settings.batchSize())
                .sampler(Sampler.random())
                .seed(settings.seed());
    }
    // #endregion loader

    // #region options
    static SessionOptions options(Settings settings) {
        return SessionOptions.of(AdamW.defaults())
                .weightDecay(settings.weightDecay())
                .seed(settings.seed());
    }
    // #endregion options

    // #region look
    static String look(
            Model<Text, String, Classification> model,
            Example<Text, String> first,
            Batch<Example<Text, String>> batch) {
        double right = model.predict(first.input()).probabilities().getOrDefault(first.label(), 0.0);
        double loss = model.evaluate(batch).loss();
        return String.format(Locale.ROOT, "probability of %s %.3f, loss of the batch %.4f", first.label(), right, loss);
    }
    // #endregion look

    private static void lookAtOneStep(Model<Text, String, Classification> model, Corpus corpus, Settings settings) {
        // #region one-step
        try (var session = model.startTraining(options(settings));
                var batches = loader(model, corpus, settings).epoch(0)) {
            var batch = batches.iterator().next();
            var first = batch.examples().get(0);
            System.out.printf("\"%s\" is %s%n", first.input().text(), first.label());
            System.out.println("before: " + look(model, first, batch));

            double loss = session.forwardBackward(batch).loss(); // forward, loss, backward
            double norm = session.clipGradNorm(settings.maxGradNorm());
            session.step(settings.learningRate()); // update
            session.zeroGrad();

            System.out.printf(Locale.ROOT, "one step: loss with dropout %.4f, gradient norm %.2f%n", loss, norm);
            System.out.println("after: " + look(model, first, batch));
        }
        // #endregion one-step
    }

    // #region train
    /** Trains, and says how each epoch went. */
    static List<Epoch> train(
            Model<Text, String, Classification> model, Corpus corpus, Settings settings, Consumer<String> log) {
        List<Epoch> epochs = new ArrayList<>();
        var schedule = LearningRateSchedule.linear();
        var train = loader(model, corpus, settings);
        long steps = (long) settings.epochs() * train.batches();
        long step = 0;
        try (var session = model.startTraining(options(settings))) {
            for (int epoch = 0; epoch < settings.epochs(); epoch++) {
                double sum = 0;
                try (var batches = train.epoch(epoch)) {
                    for (var batch : batches) {
                        double loss = session.forwardBackward(batch).loss();
                        double norm = session.clipGradNorm(settings.maxGradNorm());
                        Progress progress = Progress.at(step, steps).warmup(settings.warmup());
                        double rate = settings.learningRate() * schedule.factor(progress);
                        session.step(rate);
                        session.zeroGrad();

                        sum += loss;
                        step++;
                        if (step % TELL_EVERY == 0) {
                            log.accept(String.format(
                                    Locale.ROOT,
                                    "step %3d of %d: loss %.4f, gradient norm %5.2f, learning rate %.1e",
                                    step,
                                    steps,
                                    loss,
                                    norm,
                                    rate));
                        }
                    }
                }
                epochs.add(new Epoch(
                        sum / train.batches(),
                        evaluate(model, corpus.validation()).metrics()));
                log.accept(String.format(
                        Locale.ROOT,
                        "epoch %d of %d: train loss %.4f; validation: %s",
                        epoch + 1,
                        settings.epochs(),
                        epochs.get(epoch).trainLoss(),
                        epochs.get(epoch).validation()));
            }
        }
        return epochs;
    }
    // #endregion train

    // #region evaluate
    /** Loss, accuracy and Matthews correlation, without dropout and without gradients. */
    static Evaluation evaluate(Model<Text, String, Classification> model, IndexedDataset<Example<Text, String>> data) {
        List<Outcome<Example<Text, String>, Classification>> outcomes = new ArrayList<>();
        double loss = 0;
        try (var batches = DataLoader.of(data, model.collator(Padding.LONGEST))
                .batchSize(32)
                .epoch(0)) {
            for (var batch : batches) {
                var result = model.evaluate(batch);
                loss += result.loss() * result.items();
                for (int i = 0; i < batch.size(); i++) {
                    outcomes.add(new Outcome<>(
                            batch.examples().get(i), result.predictions().get(i)));
                }
            }
        }
        Metrics metrics = Metrics.of("loss", loss / data.count())
                .with(outcomes.stream().collect(Accuracy.of().collector()))
                .with(outcomes.stream().collect(MatthewsCorrelation.of().collector()));
        return new Evaluation(metrics, outcomes);
    }
    // #endregion evaluate

    // #region by-batch
    /** The Matthews correlation of each 32 examples. */
    static List<Double> byBatch(List<Outcome<Example<Text, String>, Classification>> outcomes) {
        List<Double> correlations = new ArrayList<>();
        for (int start = 0; start < outcomes.size(); start += 32) {
            correlations.add(outcomes.subList(start, Math.min(start + 32, outcomes.size())).stream()
                    .collect(MatthewsCorrelation.of().collector())
                    .get("matthews_correlation"));
        }
        return correlations;
    }
    // #endregion by-batch

    // #region rounded
    static String rounded(List<Double> numbers) {
        return numbers.stream()
                .map(number -> String.format(Locale.ROOT, "%.2f", number))
                .collect(Collectors.joining(" "));
    }
    // #endregion rounded
}
