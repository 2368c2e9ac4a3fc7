package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How much memory training takes at most: the peak resident set of a new process that takes some steps. */
final class CompareMemory {
    private static final List<Figure> FIGURES = List.of(Fresh.PEAK, Figure.told("ms", "step, ms"));

    private static final List<Option> OPTIONS = List.of(
            new Option("model", "minilm", "minilm, base, large or tiny"),
            new Option("shapes", "16x128", "How many examples of how many tokens make a step"),
            new Option("steps", "20", "How many steps each process takes"),
            new Option("small-heap", "256m", "The -Xmx of a second process of the library"));

    private CompareMemory() {}

    static Suite suite() {
        return Comparison.suite(
                "compare memory", "the most memory a training run holds", 3, OPTIONS, CompareMemory::run);
    }

    private static List<Results> run(Options options, PrintStream out, PrintStream err) throws IOException {
        BertSize model = BertSize.of(options.text("model"));
        List<Results> all = new ArrayList<>();
        for (StepShape shape : StepShape.list(options.text("shapes"))) {
            StepWork work = StepWork.of(model, shape.batch(), shape.length(), options.whole("threads"), 1);
            try (TemporaryFolder folder = new TemporaryFolder()) {
                work.writeTo(folder.path());
                var python = Comparison.python(options);
                String heap = options.text("small-heap");
                Contestant own = Contestant.own(OwnSide.NAME, folder.path(), work.threads(), "step", "float32");
                List<Contestant> sides = List.of(
                        own,
                        Contestant.own(OwnSide.NAME + ", -Xmx" + heap, folder.path(), work.threads(), "step", "float32")
                                .withJvm("-Xmx" + heap)
                                .optional(),
                        Contestant.peer(
                                "PyTorch SDPA", python, folder.path(), work.threads(), "step", "sdpa", "float32"),
                        Contestant.peer(
                                "PyTorch eager", python, folder.path(), work.threads(), "step", "eager", "float32"));
                Fresh fresh = new Fresh(0, options.whole("steps"), options.whole("rounds"), folder.path(), err);
                Results results = new Results(
                        "compare memory",
                        String.format(
                                Locale.ROOT,
                                "Memory of training: %s, %d × %d tokens",
                                model.title(),
                                work.batch(),
                                work.length()),
                        String.format(
                                Locale.ROOT,
                                "The peak resident set (VmHWM) of a new process that loads the model, evaluates a batch and"
                                        + " takes %d steps with AdamW; %d rounds.",
                                fresh.times(),
                                fresh.rounds()),
                        work,
                        FIGURES,
                        Machine.here(),
                        fresh.measure(sides));
                out.print(ResultsTable.of(results));
                all.add(results);
            }
        }
        return all;
    }
}
