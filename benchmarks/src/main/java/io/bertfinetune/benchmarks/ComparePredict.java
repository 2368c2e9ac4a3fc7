package io.bertfinetune.benchmarks;

import io.bertfinetune.Bert;
import io.bertfinetune.task.SequenceClassification;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How long a prediction takes, one text at a time, and how many texts a second go through in batches of 32. */
final class ComparePredict {
    private static final int WARMUP = 2;
    private static final double SAME_SCORE = 1e-3;

    private static final List<Figure> FIGURES = List.of(
            Figure.less("p50_ms", "one text, 50th percentile, ms"),
            Figure.less("p99_ms", "one text, 99th percentile, ms"),
            Figure.more("texts_per_second", "32 at a time, texts/s"));

    private static final List<Option> OPTIONS = List.of(
            new Option("model", "minilm", "minilm, base, large or tiny, with random weights; or a model's folder"),
            new Option(
                    "data",
                    "../shared/data",
                    "A folder with sst2/; without it texts are made of words of the vocabulary"),
            new Option("texts", "256", "How many texts are predicted in a round"),
            new Option("max-length", "128", "How many tokens of a text are read"));

    private ComparePredict() {}

    static Suite suite() {
        return Comparison.suite(
                "compare predict", "latency and throughput of prediction", 5, OPTIONS, ComparePredict::run);
    }

    private static List<Results> run(Options options, PrintStream out, PrintStream err) throws IOException {
        Path data = Path.of(options.text("data"));
        TextWork work = TextWork.of(options.whole("threads"), options.whole("max-length"), PredictWork.BATCH);
        try (TemporaryFolder folder = new TemporaryFolder()) {
            Path place = folder.path();
            ModelFolder.write(options.text("model"), data, place);
            List<String> texts = Corpus.texts(data, place.resolve("vocab.txt"), options.whole("texts"));
            work.writeTo(place, texts);
            addOnnx(place);
            Optional<String> python = Comparison.python(options);
            Turns turns =
                    new Turns(WARMUP, options.whole("rounds"), false, Map.of("first_score", SAME_SCORE), place, err);
            Results results = new Results(
                    "compare predict",
                    "Prediction: " + options.text("model"),
                    String.format(
                            Locale.ROOT,
                            "%d texts, tokenizing included, read up to %d tokens: one at a time, then %d at a time in the"
                                    + " given order; %d threads, %d rounds after %d to warm up.",
                            texts.size(),
                            work.maxLength(),
                            PredictWork.BATCH,
                            work.threads(),
                            turns.rounds(),
                            turns.warmup()),
                    work,
                    FIGURES,
                    Machine.here(),
                    turns.measure(List.of(
                            Contestant.own(OwnSide.NAME, place, work.threads(), "predict"),
                            Contestant.peer(
                                    "ONNX Runtime in Python", python, place, work.threads(), "predict", "onnxruntime"),
                            Contestant.peer(
                                    "Hugging Face pipeline", python, place, work.threads(), "predict", "pipeline"))));
            out.print(ResultsTable.of(results));
            return List.of(results);
        }
    }

    /** Lays the model's ONNX file beside it: what ONNX Runtime runs without this library. */
    private static void addOnnx(Path folder) throws IOException {
        Path saved = Files.createDirectory(folder.resolve("saved"));
        try (var model = Bert.fromPretrained(folder).load(SequenceClassification.of("0", "1"))) {
            model.save(saved);
        }
        Files.move(saved.resolve("model.onnx"), folder.resolve("model.onnx"));
    }
}
