package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.ProgressCallback;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The quick start: teaches MiniLM which desk a customer's mail goes to, asks it about new mails, and saves it.
 *
 * <p>It needs no arguments; {@code --help} lists those it takes. The training set has 1,050 mails; on two cores it
 * takes a minute or two.
 */
public final class QuickStart {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.of(
                    "data",
                    "",
                    "A folder with train.csv, validation.csv and test.csv, of the columns text and label;"
                            + " the mails of the examples unless given"),
            Flag.of("output", "mail-model", "The folder to save the model to"),
            Flag.of("epochs", "3", "How often training goes through the mails"),
            Flag.of("batch_size", "16", "How many mails make one step"),
            Flag.of("learning_rate", "2e-4", "The highest learning rate"),
            Flag.of("seed", "42", "Another seed, another shuffling and dropout"));

    private static final List<String> NEW_MAILS = List.of(
            "Where is my parcel? It should have been here on Monday.",
            "The mug arrived in a hundred pieces.",
            "You have taken the money from my card twice.",
            "These shoes pinch. How do I send them back?",
            "Does the lamp also come in black?");

    private QuickStart() {}

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
        Path output = OutputFolder.make(flags.path("output"));
        fineTune(
                Shipped.model(flags),
                Shipped.data(flags),
                output,
                TrainingArguments.builder()
                        .numTrainEpochs(flags.number("epochs"))
                        .perDeviceTrainBatchSize(flags.whole("batch_size"))
                        .learningRate(flags.number("learning_rate"))
                        .seed(flags.whole("seed"))
                        .evalStrategy(IntervalStrategy.EPOCH)
                        .build());
        System.out.println("saved to " + output.toAbsolutePath().normalize());
        System.out.println("to use it: Bert.fromPretrained(Path.of(\"" + output
                + "\")).load(SequenceClassification.saved()).predict(Text.of(mail)).label()");
    }

    private static void fineTune(Path pretrained, Path data, Path output, TrainingArguments args) {
        var train = mails(data.resolve("train.csv"));
        try (var model = Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(train))) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(train)
                    .evalDataset(mails(data.resolve("validation.csv")))
                    .args(args)
                    .callbacks(ProgressCallback.lines(System.out))
                    .build();
            trainer.train();

            var test = trainer.predict(mails(data.resolve("test.csv")));
            System.out.printf(
                    Locale.ROOT, "test accuracy %.2f%n", test.metrics().get("test_accuracy"));
            for (String mail : NEW_MAILS) {
                Classification desk = model.predict(Text.of(mail));
                System.out.printf(Locale.ROOT, "%-8s %.2f  %s%n", desk.label(), desk.score(), mail);
            }
            model.save(output);
        }
    }

    private static IndexedDataset<Example<Text, String>> mails(Path file) {
        return Dataset.csv(file).map(row -> Example.of(Text.of(row.get("text")), row.get("label")));
    }
}
