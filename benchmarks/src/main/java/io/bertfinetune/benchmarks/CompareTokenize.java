package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How many tokens a second a loader makes of texts. */
final class CompareTokenize {
    private static final int WARMUP = 2;

    private static final List<Figure> FIGURES =
            List.of(Figure.more("tokens_per_second", "tokens/s"), Figure.told("processor_ms", "processor time, ms"));

    private static final List<Option> OPTIONS = List.of(
            new Option("model", "minilm", "minilm, base, large or tiny; or a model's folder"),
            new Option(
                    "data",
                    "../shared/data",
                    "A folder with sst2/ and bert_assets/; without it texts are made of made-up words"),
            new Option("texts", "6920", "How many texts are tokenized in a round"),
            new Option("max-length", "128", "How many tokens of a text are read"));

    private CompareTokenize() {}

    static Suite suite() {
        return Comparison.suite("compare tokenize", "texts to batches of tokens", 9, OPTIONS, CompareTokenize::run);
    }

    private static List<Results> run(Options options, PrintStream out, PrintStream err) throws IOException {
        Path data = Path.of(options.text("data"));
        TextWork work = TextWork.of(options.whole("threads"), options.whole("max-length"), 32);
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Path place = folder.path();
            ModelFolder.write(options.text("model"), data, place);
            List<String> texts = Corpus.texts(data, place.resolve("vocab.txt"), options.whole("texts"));
            work.writeTo(place, texts);
            Optional<String> python = Comparison.python(options);
            Turns turns = new Turns(WARMUP, options.whole("rounds"), false, Map.of("tokens", 0.0), place, err);
            Results results = new Results(
                    "compare tokenize",
                    "Tokenizing",
                    String.format(
                            Locale.ROOT,
                            "%d texts, read up to %d tokens; the library's loader makes batches of %d, padded to their"
                                    + " longest, and counts their tokens. %d threads, %d rounds after %d to warm up. All"
                                    + " sides find the same number of tokens.",
                            texts.size(),
                            work.maxLength(),
                            work.batch(),
                            work.threads(),
                            turns.rounds(),
                            turns.warmup()),
                    work,
                    FIGURES,
                    Machine.here(),
                    turns.measure(List.of(
                            Contestant.own(OwnSide.NAME, place, work.threads(), "tokenize"),
                            Contestant.peer(
                                    "fast tokenizer, batches of 32",
                                    python,
                                    place,
                                    work.threads(),
                                    "tokenize",
                                    "batches"),
                            Contestant.peer(
                                    "fast tokenizer, one call, no padding",
                                    python,
                                    place,
                                    work.threads(),
                                    "tokenize",
                                    "all"))));
            out.print(ResultsTable.of(results));
            return List.of(results);
        }
    }
}
