package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long it takes from nothing, no process, to the first training step and to the first prediction, and which parts
 * opening a model for training has.
 */
final class CompareStartup {
    private static final Figure WALL = Figure.less("wall_ms", "from the process' start to the answer, ms");
    private static final Figure MACHINE =
            Figure.told("machine_ms", "of it: Java machine, or Python and its imports, ms");
    private static final Figure LOAD = Figure.told("load_ms", "of it: load the model, ms");
    private static final Figure SESSION = Figure.told("session_ms", "of it: start training, ms");
    private static final Figure FIRST = Figure.told("first_ms", "of it: the first step or prediction, ms");

    private static final List<Option> OPTIONS = List.of(
            new Option("model", "minilm", "minilm, base, large or tiny"),
            new Option("shapes", "16x128", "How many examples of how many tokens make the step"));

    private CompareStartup() {}

    static Suite suite() {
        return Comparison.suite(
                "compare startup",
                "from nothing to the first step and the first prediction",
                5,
                OPTIONS,
                CompareStartup::run);
    }

    private static List<Results> run(Options options, PrintStream out, PrintStream err) throws IOException {
        StepShape shape = StepShape.list(options.text("shapes")).get(0);
        StepWork work = StepWork.of(
                BertSize.of(options.text("model")), shape.batch(), shape.length(), options.whole("threads"), 1);
        List<Results> all = new ArrayList<>();
        try (TemporaryFolder folder = new TemporaryFolder()) {
            work.writeTo(folder.path());
            TextWork.writeTexts(
                    folder.path(), Corpus.texts(Path.of("none"), folder.path().resolve("vocab.txt"), 1));
            Fresh fresh = new Fresh(0, 1, options.whole("rounds"), folder.path(), err);
            Optional<String> python = Comparison.python(options);
            all.add(results(
                    work,
                    fresh,
                    "the first training step of " + shape.batch() + " × " + shape.length() + " tokens",
                    List.of(WALL, MACHINE, LOAD, SESSION, FIRST, Fresh.PEAK),
                    sides(work, folder.path(), python, "step")));
            out.print(ResultsTable.of(all.get(0)));
            all.add(results(
                    work,
                    fresh,
                    "the first prediction",
                    List.of(WALL, MACHINE, LOAD, FIRST, Fresh.PEAK),
                    sides(work, folder.path(), python, "predict")));
            out.print(ResultsTable.of(all.get(1)));
            all.add(results(
                    work,
                    fresh,
                    "a model ready for training, part by part",
                    List.of(
                            WALL,
                            Figure.told("engine_ms", "of it: load ONNX Runtime, ms"),
                            Figure.told("config_ms", "of it: read the configuration, ms"),
                            Figure.told("tokenizer_ms", "of it: read the tokenizer, ms"),
                            Figure.told("graph_ms", "of it: build the graph and its gradient, ms"),
                            Figure.told("weights_ms", "of it: load the weights, ms"),
                            Figure.told("session_ms", "of it: lower the graph and create ONNX Runtime's session, ms")),
                    List.of(Contestant.own(OwnSide.NAME, folder.path(), work.threads(), "startup", "parts"))));
            out.print(ResultsTable.of(all.get(2)));
        }
        return all;
    }

    private static List<Contestant> sides(StepWork work, Path folder, Optional<String> python, String what) {
        return List.of(
                Contestant.own(OwnSide.NAME, folder, work.threads(), "startup", what),
                Contestant.peer("PyTorch SDPA", python, folder, work.threads(), "startup", what));
    }

    private static Results results(
            StepWork work, Fresh fresh, String goal, List<Figure> figures, List<Contestant> sides) {
        return new Results(
                "compare startup",
                String.format(
                        Locale.ROOT,
                        "From nothing to %s: %s",
                        goal,
                        work.model().title()),
                String.format(
                        Locale.ROOT,
                        "A new process in each of %d rounds, one at a time, %d threads; files are in the system's cache"
                                + " after the first.",
                        fresh.rounds(),
                        work.threads()),
                work,
                figures,
                Machine.here(),
                fresh.measure(sides));
    }
}
