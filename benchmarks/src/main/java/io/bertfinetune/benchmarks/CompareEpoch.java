package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How long one epoch takes as a user runs it: a new process, two CSV files, tokenizing, training, and one evaluation,
 * beside transformers' Trainer with the paddings it offers.
 */
final class CompareEpoch {
    private static final List<Figure> FIGURES = List.of(
            Figure.less("run_s", "read, tokenize, train, evaluate, s"),
            Figure.less("wall_ms", "whole process, ms"),
            Figure.told("train_s", "of it: training, s"),
            Figure.told("eval_s", "of it: evaluation, s"),
            Figure.told("eval_accuracy", "accuracy"),
            Fresh.PEAK);

    private static final List<Option> OPTIONS = List.of(
            new Option("model", "minilm", "minilm, base, large or tiny, with random weights; or a model's folder"),
            new Option("data", "../shared/data", "A folder with cola/ and sst2/"),
            new Option("corpora", "cola,sst2", "Which of them"),
            new Option("orders", Order.names(), "How texts are put into batches, each order a comparison of its own"),
            new Option("rows", "0", "Train on the first rows only; 0 for all"),
            new Option("batch", "32", "How many texts make a step, on every side"),
            new Option("max-length", "128", "How many tokens of a text are read; what run_classification.py pads to"));

    private CompareEpoch() {}

    static Suite suite() {
        return Comparison.suite(
                "compare epoch", "one epoch and an evaluation, from CSV files", 1, OPTIONS, CompareEpoch::run);
    }

    private static List<Results> run(Options options, PrintStream out, PrintStream err) throws IOException {
        Path data = Path.of(options.text("data"));
        int rows = options.whole("rows");
        if (rows < 0) {
            throw new IllegalArgumentException("rows is " + rows + ", expected 0 (all) or more");
        }
        TextWork work = TextWork.of(options.whole("threads"), options.whole("max-length"), options.whole("batch"));
        List<Corpus> corpora = Arrays.stream(options.text("corpora").split(","))
                .map(Corpus::of)
                .toList();
        List<Order> orders =
                Arrays.stream(options.text("orders").split(",")).map(Order::of).toList();
        List<Results> all = new ArrayList<>();
        for (Corpus corpus : corpora) {
            List<Corpus.Sentence> train = corpus.train(data);
            List<Corpus.Sentence> chosen = rows == 0 ? train : train.subList(0, Math.min(rows, train.size()));
            List<Corpus.Sentence> dev = corpus.dev(data);
            try (TemporaryFolder folder = new TemporaryFolder()) {
                Path place = folder.path();
                ModelFolder.write(options.text("model"), data, place);
                work.writeTo(place, List.of());
                Corpus.write(chosen, place.resolve("train.csv"));
                Corpus.write(dev, place.resolve("dev.csv"));
                Fresh fresh = new Fresh(0, 1, options.whole("rounds"), place, err);
                String method = String.format(
                        Locale.ROOT,
                        "%d texts to train on and %d to be evaluated on, in batches of %d, read up to %d tokens; %d"
                                + " threads. A new process for each, one at a time, %d rounds.",
                        chosen.size(),
                        dev.size(),
                        work.batch(),
                        work.maxLength(),
                        work.threads(),
                        fresh.rounds());
                for (Order order : orders) {
                    Results results = new Results(
                            "compare epoch",
                            "One epoch of " + corpus.title() + " " + order.title + ": " + options.text("model"),
                            method,
                            work,
                            FIGURES,
                            Machine.here(),
                            fresh.measure(order.sides(options, work.threads(), place)));
                    out.print(ResultsTable.of(results));
                    all.add(results);
                }
            }
        }
        return all;
    }

    /** How texts are put into batches; only sides that do it alike are compared. */
    private enum Order {
        RANDOM("in random order") {
            @Override
            List<Contestant> sides(Options options, int threads, Path folder) {
                Optional<String> python = Comparison.python(options);
                return List.of(
                        Contestant.own(OwnSide.NAME, folder, threads, "epoch", "longest", "float32"),
                        Contestant.peer(
                                "HF Trainer, padded as run_classification.py",
                                python,
                                folder,
                                threads,
                                "epoch",
                                "fixed",
                                "float32"),
                        Contestant.peer(
                                "HF Trainer, dynamic padding", python, folder, threads, "epoch", "longest", "float32"));
            }
        },
        GROUPED("grouped by length") {
            @Override
            List<Contestant> sides(Options options, int threads, Path folder) {
                Optional<String> python = Comparison.python(options);
                return List.of(
                        Contestant.own(OwnSide.NAME, folder, threads, "epoch", "grouped", "float32"),
                        Contestant.peer("HF Trainer", python, folder, threads, "epoch", "grouped", "float32"));
            }
        },
        GROUPED_BF16("grouped by length, in bfloat16") {
            @Override
            List<Contestant> sides(Options options, int threads, Path folder) {
                Optional<String> python = Comparison.python(options);
                return List.of(
                        Contestant.own(OwnSide.NAME, folder, threads, "epoch", "grouped", "bfloat16")
                                .optional(),
                        Contestant.peer("HF Trainer, bf16", python, folder, threads, "epoch", "grouped", "bfloat16"));
            }
        };

        private final String title;

        Order(String title) {
            this.title = title;
        }

        static Order of(String name) {
            return Arrays.stream(values())
                    .filter(each -> each.key().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("orders has '" + name + "', expected some of " + names()));
        }

        static String names() {
            return Arrays.stream(values()).map(Order::key).collect(Collectors.joining(","));
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        abstract List<Contestant> sides(Options options, int threads, Path folder);
    }
}
