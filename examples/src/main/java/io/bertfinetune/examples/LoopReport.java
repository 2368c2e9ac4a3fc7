package io.bertfinetune.examples;

import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The loop of {@link HandWrittenLoop} once for each seed, with what part 3 of the workshop shows of it: a table of results,
 * a picture of the losses, and one of the Matthews correlation on the test set.
 */
public final class LoopReport {
    private static final String CORRELATION = "matthews_correlation";

    private LoopReport() {}

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     */
    public static void main(String... args) {
        List<Flag> known = new ArrayList<>(List.of(Flag.MODEL, Flag.DATA));
        known.addAll(LoopFlags.ALL);
        known.add(Flag.of("seeds", "42,43,44", "The seeds, one run each"));
        known.add(Flag.of("name", "mails", "What the names of the files begin with"));
        known.add(Flag.of("output", "loop-report", "The folder to write NAME-results.txt and the pictures to"));
        Flags flags = Flags.parse(known, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(known));
            return;
        }
        Path output = OutputFolder.make(flags.path("output"));
        Corpus corpus = LoopFlags.corpus(flags);
        List<Run> runs = new ArrayList<>();
        for (long seed : seeds(flags.text("seeds"))) {
            runs.add(run(Shipped.model(flags), corpus, LoopFlags.settings(flags, seed)));
        }
        String name = flags.text("name");
        String results = results(name, corpus, runs);
        System.out.print(results);
        write(output.resolve(name + "-results.txt"), results);
        write(output.resolve(name + "-loss.svg"), LoopPictures.loss(runs));
        write(output.resolve(name + "-mcc.svg"), LoopPictures.correlation(runs));
    }

    /** One run of the loop. */
    record Run(
            HandWrittenLoop.Settings settings,
            List<HandWrittenLoop.Epoch> epochs,
            Metrics test,
            List<Double> correlationByBatch) {
        double correlation() {
            return test.get(CORRELATION);
        }
    }

    static Run run(Path pretrained, Corpus corpus, HandWrittenLoop.Settings settings) {
        try (var model = HandWrittenLoop.open(pretrained, corpus)) {
            var epochs = HandWrittenLoop.train(
                    model, corpus, settings, line -> System.out.println("seed " + settings.seed() + ", " + line));
            var test = HandWrittenLoop.evaluate(model, corpus.test());
            return new Run(settings, epochs, test.metrics(), HandWrittenLoop.byBatch(test.outcomes()));
        }
    }

    /** The table; every number in it is also in one of the pictures, or behind one. */
    static String results(String name, Corpus corpus, List<Run> runs) {
        List<String> lines = new ArrayList<>();
        HandWrittenLoop.Settings settings = runs.get(0).settings();
        lines.add(String.format(
                "%s: %,d texts to learn from, %,d to validate, %,d to test",
                name,
                corpus.train().count(),
                corpus.validation().count(),
                corpus.test().count()));
        lines.add(String.format(
                "%d epochs, batches of %d, learning rate %.0e, warm-up %s, weight decay %s, gradient norm at most %s",
                settings.epochs(),
                settings.batchSize(),
                settings.learningRate(),
                settings.warmup(),
                settings.weightDecay(),
                settings.maxGradNorm()));
        lines.add("");
        lines.add("seed  epoch  train loss  validation loss  accuracy    MCC");
        for (Run run : runs) {
            for (int epoch = 0; epoch < run.epochs().size(); epoch++) {
                var numbers = run.epochs().get(epoch);
                lines.add(String.format(
                        Locale.ROOT,
                        "%4d  %5d  %10.3f  %15.3f  %8.3f  %5.3f",
                        run.settings().seed(),
                        epoch + 1,
                        numbers.trainLoss(),
                        numbers.validation().get("loss"),
                        numbers.validation().get("accuracy"),
                        numbers.validation().get(CORRELATION)));
            }
        }
        lines.add("");
        lines.add("seed  test loss  test accuracy  test MCC");
        for (Run run : runs) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%4d  %9.3f  %13.3f  %8.3f",
                    run.settings().seed(),
                    run.test().get("loss"),
                    run.test().get("accuracy"),
                    run.correlation()));
        }
        double[] correlations =
                runs.stream().mapToDouble(Run::correlation).sorted().toArray();
        lines.add(String.format(
                Locale.ROOT,
                "test MCC of %d seeds: mean %.3f, from %.3f to %.3f",
                runs.size(),
                Arrays.stream(correlations).average().orElseThrow(),
                correlations[0],
                correlations[correlations.length - 1]));
        lines.add("");
        lines.add("test MCC of seed " + settings.seed() + ", batch by batch: "
                + HandWrittenLoop.rounded(runs.get(0).correlationByBatch()));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static long[] seeds(String list) {
        try {
            return Arrays.stream(list.split(","))
                    .mapToLong(seed -> Long.parseLong(seed.strip()))
                    .toArray();
        } catch (NumberFormatException e) {
            throw new UsageException("--seeds is '" + list + "', expected whole numbers such as 42,43,44", e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.println("written to " + file);
    }
}
