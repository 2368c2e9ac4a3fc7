package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.check.DataCheck;
import io.bertfinetune.check.DataReport;
import io.bertfinetune.task.SequenceClassification;
import java.nio.file.Path;
import java.util.List;

/** A look at data before training on it: what is cut off, empty, twice there, rare, or not understood. */
public final class CheckData {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.DATA,
            Flag.of("max_length", "64", "How many tokens of a text the model reads"),
            Flag.of("batch_size", "16", "How many examples make one step"));

    private CheckData() {}

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
        check(
                Shipped.model(flags),
                Corpus.read(Shipped.data(flags)),
                flags.whole("max_length"),
                flags.whole("batch_size"));
    }

    private static void check(Path pretrained, Corpus corpus, int maxLength, int batchSize) {
        // #region check
        try (var model = Bert.fromPretrained(pretrained)
                .maxLength(maxLength)
                .load(SequenceClassification.labelsOf(corpus.train()))) {
            DataReport report = DataCheck.of(model, corpus.train())
                    .eval("validation", corpus.validation())
                    .eval("test", corpus.test())
                    .batchSize(batchSize)
                    .run();
            System.out.println(report);
        }
        // #endregion check
    }
}
