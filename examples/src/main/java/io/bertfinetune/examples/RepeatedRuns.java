package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.experiment.Repeat;
import io.bertfinetune.experiment.Runs;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.F1;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;

/**
 * How sure a number is: the same training with several seeds, two learning rates compared over the same seeds, and
 * cross-validation. It trains on a few of the mails, so that many runs take a few minutes.
 */
public final class RepeatedRuns {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.DATA,
            Flag.of("rows", "240", "How many mails to train on"),
            Flag.of("runs", "5", "How many seeds, and how many folds"),
            Flag.of("epochs", "3", "How often training goes through the mails"));

    private final Path pretrained;
    private final SequenceClassification task;
    private final double epochs;

    private RepeatedRuns(Path pretrained, SequenceClassification task, double epochs) {
        this.pretrained = pretrained;
        this.task = task;
        this.epochs = epochs;
    }

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     */
    public static void main(String... args) {
        Flags flags = Flags.parse(FLAGS, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(FLAGS));
            return;
        }
        Corpus corpus = Corpus.read(Shipped.data(flags));
        var example = new RepeatedRuns(
                Shipped.model(flags), SequenceClassification.labelsOf(corpus.train()), flags.number("epochs"));
        var train = corpus.train().limit(flags.whole("rows"));
        example.compare(train, corpus.validation(), flags.whole("runs"));
        example.crossValidate(train, flags.whole("runs"));
    }

    private void compare(
            IndexedDataset<Example<Text, String>> train, IndexedDataset<Example<Text, String>> dev, int count) {
        // #region seeds
        Runs careful = Repeat.seeds(count).run(seed -> metricsOf(2e-4, seed, train, dev));
        Runs bold = Repeat.seeds(count).run(seed -> metricsOf(1e-3, seed, train, dev));

        System.out.println(careful);
        System.out.println("accuracy: " + careful.summary("eval_accuracy"));
        System.out.println(bold.minus(careful)); // pair by pair: the same seed on both sides
        // #endregion seeds
    }

    private void crossValidate(IndexedDataset<Example<Text, String>> train, int count) {
        // #region folds
        Runs folds = Repeat.folds(train.foldsBy(Example::label, count, 42))
                .run(fold -> metricsOf(2e-4, 42, fold.train(), fold.eval()));

        System.out.println(folds);
        // #endregion folds
    }

    // #region run
    /** One run: opens the model, trains it, and returns what it came to. */
    private Metrics metricsOf(
            double learningRate,
            long seed,
            IndexedDataset<Example<Text, String>> train,
            IndexedDataset<Example<Text, String>> dev) {
        try (var model = Bert.fromPretrained(pretrained).maxLength(64).load(task)) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(train)
                    .computeMetrics(Accuracy.of(), F1.macro())
                    .args(TrainingArguments.builder()
                            .numTrainEpochs(epochs)
                            .perDeviceTrainBatchSize(16)
                            .learningRate(learningRate)
                            .seed(seed)
                            .dataCheck(false) // it would say the same in every run
                            .build())
                    .build();
            trainer.train();
            return trainer.evaluate(dev);
        }
    }
    // #endregion run
}
