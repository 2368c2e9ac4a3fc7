package io.bertfinetune.examples;

// #region imports
import io.bertfinetune.Bert;
import io.bertfinetune.TrainOutput;
import io.bertfinetune.Trainer;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.MatthewsCorrelation;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
// #endregion imports

/**
 * What {@link HandWrittenLoop} does, in a few lines; then what is tiresome by hand: a callback, a run that is broken off and
 * resumed, early stopping. Part 4 of the workshop explains it.
 */
public final class TheTrainer {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.DATA,
            Flag.of("epochs", "4", "How often the first run goes through the data"),
            Flag.of("few", "200", "How many examples the other runs learn from"),
            Flag.of("most_epochs", "20", "How many epochs early stopping may cut short"),
            Flag.of("learning_rate", "3e-4", "The highest learning rate"));

    private TheTrainer() {}

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     * @throws IOException if the folder for checkpoints, a temporary one, cannot be made or removed
     */
    public static void main(String... args) throws IOException {
        Flags flags = Flags.parse(FLAGS, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(FLAGS));
            return;
        }
        Path pretrained = Shipped.model(flags);
        Corpus corpus = Corpus.read(Shipped.data(flags));
        double learningRate = flags.number("learning_rate");
        System.out.println("-- the same");
        printTheSame(pretrained, corpus, flags.number("epochs"), learningRate);
        Path checkpoints = Files.createTempDirectory("trainer");
        try {
            Corpus few = new Corpus(corpus.train().limit(flags.whole("few")), corpus.validation(), corpus.test());
            System.out.println("-- broken off and resumed");
            printResume(pretrained, few, learningRate, checkpoints.resolve("mails"));
            System.out.println("-- early stopping");
            printEarlyStopping(
                    pretrained, few, flags.number("most_epochs"), learningRate, checkpoints.resolve("stopped"));
        } finally {
            delete(checkpoints);
        }
    }

    private static void printTheSame(Path pretrained, Corpus corpus, double epochs, double learningRate) {
        // #region same
        try (var model = open(pretrained, corpus)) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(corpus.train())
                    .evalDataset(corpus.validation())
                    .computeMetrics(Accuracy.of(), MatthewsCorrelation.of())
                    .numTrainEpochs(epochs)
                    .perDeviceTrainBatchSize(32)
                    .learningRate(learningRate)
                    .evalStrategy(IntervalStrategy.EPOCH)
                    .callbacks(new PrintEvaluations())
                    .build();
            trainer.train();
            Metrics test = trainer.predict(corpus.test()).metrics();
            System.out.printf(
                    Locale.ROOT,
                    "test: loss %.4f, accuracy %.4f, Matthews correlation %.4f%n",
                    test.get("test_loss"),
                    test.get("test_accuracy"),
                    test.get("test_matthews_correlation"));
        }
        // #endregion same
    }

    // #region open
    static Model<Text, String, Classification> open(Path pretrained, Corpus corpus) {
        return Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(corpus.train()));
    }
    // #endregion open

    // #region callback
    /** Prints every evaluation as a line. */
    static final class PrintEvaluations implements TrainerCallback {
        @Override
        public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
            System.out.printf(
                    Locale.ROOT,
                    "epoch %.0f: loss %.4f, accuracy %.4f%n",
                    state.epoch(),
                    metrics.get("eval_loss"),
                    metrics.get("eval_accuracy"));
        }
    }
    // #endregion callback

    // #region resumable
    static Trainer<Text, String, Classification> trainer(
            Model<Text, String, Classification> model,
            Corpus corpus,
            TrainingArguments args,
            TrainerCallback... callbacks) {
        return Trainer.builder()
                .model(model)
                .trainDataset(corpus.train())
                .evalDataset(corpus.validation())
                .args(args)
                .callbacks(callbacks)
                .build();
    }
    // #endregion resumable

    // #region arguments
    static TrainingArguments arguments(double learningRate, Path folder) {
        return TrainingArguments.builder()
                .numTrainEpochs(2)
                .learningRate(learningRate)
                .outputDir(folder)
                .saveSteps(5)
                .build();
    }
    // #endregion arguments

    // #region power-cut
    /** Something breaks after a number of steps. */
    record PowerCut(long steps) implements TrainerCallback {
        @Override
        public void onStepEnd(TrainerState state, TrainerControl control) {
            if (state.globalStep() == steps) {
                throw new IllegalStateException("power cut after step " + steps);
            }
        }
    }
    // #endregion power-cut

    private static void printResume(Path pretrained, Corpus corpus, double learningRate, Path folder)
            throws IOException {
        // #region resume
        TrainingArguments args = arguments(learningRate, folder);
        try (var model = open(pretrained, corpus)) {
            trainer(model, corpus, args, new PowerCut(8)).train();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + "; saved are " + names(folder));
        }
        try (var model = open(pretrained, corpus)) {
            var trainer = trainer(model, corpus, args);
            print("resumed", trainer.resumeLatest(), trainer.evaluate());
        }
        try (var model = open(pretrained, corpus)) {
            var trainer = trainer(model, corpus, args);
            print("in one go", trainer.train(), trainer.evaluate());
        }
        // #endregion resume
    }

    // #region print
    static void print(String name, TrainOutput output, Metrics evaluation) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d steps, training loss %.6f, validation loss %.6f%n",
                name,
                output.globalStep(),
                output.trainingLoss(),
                evaluation.get("eval_loss"));
    }
    // #endregion print

    // #region names
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
        }
    }
    // #endregion names

    private static void printEarlyStopping(
            Path pretrained, Corpus corpus, double epochs, double learningRate, Path folder) {
        // #region early-stopping
        try (var model = open(pretrained, corpus)) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(corpus.train())
                    .evalDataset(corpus.validation())
                    .numTrainEpochs(epochs)
                    .perDeviceTrainBatchSize(16)
                    .learningRate(learningRate)
                    .evalStrategy(IntervalStrategy.EPOCH)
                    .metricForBestModel("loss")
                    .loadBestModelAtEnd(true)
                    .outputDir(folder)
                    .saveTotalLimit(1)
                    .callbacks(EarlyStopping.patience(2), new PrintEvaluations())
                    .build();
            trainer.train();
            System.out.printf(
                    Locale.ROOT,
                    "stopped after epoch %.0f; the model is that of step %d, validation loss %.4f%n",
                    trainer.state().epoch(),
                    trainer.state().bestGlobalStep().orElseThrow(),
                    trainer.predict(corpus.validation()).metrics().get("test_loss"));
        }
        // #endregion early-stopping
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
