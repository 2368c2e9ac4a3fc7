package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.experiment.Halving;
import io.bertfinetune.experiment.Hyperparameter;
import io.bertfinetune.experiment.Search;
import io.bertfinetune.experiment.SearchResult;
import io.bertfinetune.experiment.SearchSpace;
import io.bertfinetune.experiment.Trial;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which settings do best: a random search, then successive halving over the same space. It trains on a few of the mails,
 * so that many trials take a few minutes.
 */
public final class HyperparameterSearch {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.DATA,
            Flag.of("rows", "240", "How many mails to train on"),
            Flag.of("trials", "9", "How many settings to try"),
            Flag.of("epochs", "3", "How often the longest training goes through the mails"),
            Flag.of("output", "search-result", "The folder for search.csv and search.json"));

    // #region settings
    private static final Hyperparameter<Double> LEARNING_RATE = Hyperparameter.logUniform("learningRate", 1e-5, 3e-3);
    private static final Hyperparameter<Integer> BATCH_SIZE =
            Hyperparameter.choice("perDeviceTrainBatchSize", 8, 16, 32);
    private static final Hyperparameter<Integer> MAX_LENGTH = Hyperparameter.choice("maxLength", 16, 64);
    // #endregion settings

    private final Path pretrained;
    private final SequenceClassification task;
    private final IndexedDataset<Example<Text, String>> train;
    private final IndexedDataset<Example<Text, String>> dev;

    private HyperparameterSearch(Path pretrained, Corpus corpus, int rows) {
        this.pretrained = pretrained;
        this.task = SequenceClassification.labelsOf(corpus.train());
        this.train = corpus.train().limit(rows);
        this.dev = corpus.validation();
    }

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     * @throws IOException if the results cannot be written
     */
    public static void main(String... args) throws IOException {
        Flags flags = Flags.parse(FLAGS, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(FLAGS));
            return;
        }
        Path output = OutputFolder.make(flags.path("output"));
        var example =
                new HyperparameterSearch(Shipped.model(flags), Corpus.read(Shipped.data(flags)), flags.whole("rows"));
        example.search(flags.whole("trials"), flags.number("epochs"), output);
    }

    private void search(int trials, double epochs, Path output) throws IOException {
        // #region search
        var args = TrainingArguments.builder()
                .numTrainEpochs(epochs)
                .dataCheck(false) // it would say the same in every trial
                .build();
        var space = SearchSpace.of(args)
                .with(LEARNING_RATE, TrainingArguments.Builder::learningRate)
                .with(BATCH_SIZE, TrainingArguments.Builder::perDeviceTrainBatchSize)
                .with(MAX_LENGTH); // no training argument: the trial knows it

        SearchResult found = Search.maximize("eval_accuracy")
                .over(space)
                .trials(trials)
                .seed(7)
                .run(this::train);

        System.out.println(found);
        System.out.println("best: " + found.best().trial().arguments());
        Files.writeString(output.resolve("search.csv"), found.toCsv());
        Files.writeString(output.resolve("search.json"), found.toJson());
        // #endregion search

        // #region halving
        SearchResult halved = Search.maximize("eval_accuracy")
                .over(space)
                .trials(trials)
                .seed(7)
                .halving(Halving.epochs(epochs / 3, epochs))
                .run(this::train);
        // #endregion halving
        System.out.println(halved);
    }

    // #region trial
    private Metrics train(Trial trial) {
        try (var model =
                Bert.fromPretrained(pretrained).maxLength(trial.get(MAX_LENGTH)).load(task)) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(train)
                    .evalDataset(dev)
                    .args(trial.arguments())
                    .build();
            trainer.train();
            return trainer.evaluate();
        }
    }
    // #endregion trial
}
