package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.CsvFormat;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.ProgressCallback;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Examples that come from anywhere. What can only be read from front to back, like the answer of a database, is a
 * lambda that opens a stream, and is trained on as it comes, for a number of steps. What can be reached by number is an
 * {@link IndexedDataset}, of which training shuffles and evaluation may take parts.
 */
public final class OwnData {
    private static final List<Flag> FLAGS = List.of(Flag.MODEL, Flag.of("steps", "100", "How many steps to train"));

    private OwnData() {}

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
        Path pretrained = Shipped.model(flags);

        // #region stream
        Dataset<Example<Text, String>> tickets =
                () -> rows("train.csv").map(row -> Example.of(Text.of(row[0]), row[1]));
        // #endregion stream
        try (Stream<String[]> rows = rows("validation.csv");
                var model =
                        Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(tickets))) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(tickets)
                    .evalDataset(new Archive(rows.toList()).limit(100))
                    .maxSteps(flags.whole("steps"))
                    .perDeviceTrainBatchSize(16)
                    .learningRate(2e-4)
                    .callbacks(ProgressCallback.lines(System.out))
                    .build();
            trainer.train();
            trainer.evaluate();
        }
    }

    /**
     * Stands for a database: rows of a text and a label, read one by one. Closing the stream closes what it reads from.
     */
    private static Stream<String[]> rows(String table) {
        return CsvFormat.CSV.open(Shipped.mails().resolve(table)).map(row ->
                new String[] {row.get("text"), row.get("label")});
    }

    /** Stands for an archive that knows how many rows it has and finds each by its number. */
    // #region indexed
    private record Archive(List<String[]> rows) implements IndexedDataset<Example<Text, String>> {
        @Override
        public int count() {
            return rows.size();
        }

        @Override
        public Example<Text, String> get(int index) {
            return Example.of(Text.of(rows.get(index)[0]), rows.get(index)[1]);
        }
    }
    // #endregion indexed
}
