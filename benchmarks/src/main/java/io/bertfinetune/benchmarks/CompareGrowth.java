package io.bertfinetune.benchmarks;

import io.bertfinetune.benchmarks.Results.SideResults;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How step time and memory grow with the length of texts, the size of batches, and the number of layers. */
final class CompareGrowth {
    private static final Figure TIME = Figure.less("ms", "step, ms");

    private static final List<Option> OPTIONS = List.of(
            new Option("model", "minilm", "minilm, base, large or tiny"),
            new Option("shapes", "16x128", "The batch and length of whatever does not grow"),
            new Option("lengths", "32,64,128,256,512", "How many tokens examples have, in turn"),
            new Option("batches", "1,2,4,8,16,32,64", "How many examples make a step, in turn"),
            new Option("layers", "2,4,6,12,24", "How many layers the model has, in turn"),
            new Option("warmup", "10", "How many steps each process takes before it is measured"),
            new Option("steps", "5", "How many steps of each process are measured"),
            new Option("svg", "compare-growth.svg", "The file to draw the growth to"));

    private CompareGrowth() {}

    static Suite suite() {
        return Comparison.suite(
                "compare growth", "step time and memory by length, batch and layers", 1, OPTIONS, CompareGrowth::run);
    }

    private static List<Results> run(Options options, PrintStream out, PrintStream err) throws IOException {
        BertSize model = BertSize.of(options.text("model"));
        StepShape base = StepShape.list(options.text("shapes")).get(0);
        int threads = options.whole("threads");
        Map<StepWork, Results> measured = new LinkedHashMap<>();
        Chart chart = new Chart();
        for (Axis axis : Axis.values()) {
            TreeMap<Integer, Results> line = new TreeMap<>();
            for (int size : sizes(options, axis.option)) {
                StepWork work = axis.work(model, base, size, threads);
                Results results = measured.get(work);
                if (results == null) {
                    results = measure(work, options, err);
                    measured.put(work, results);
                }
                line.put(size, results);
            }
            out.print(table(axis, model, base, line));
            chart.add(axis, line);
        }
        ResultsTable.machine(measured.values().iterator().next()).forEach(out::println);
        Files.writeString(Path.of(options.text("svg")), chart.svg());
        return List.copyOf(measured.values());
    }

    private static List<Integer> sizes(Options options, String name) {
        try {
            return Arrays.stream(options.text(name).split(","))
                    .map(Integer::valueOf)
                    .toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + " is '" + options.text(name) + "', expected whole numbers with commas between", e);
        }
    }

    private static Results measure(StepWork work, Options options, PrintStream err) {
        err.println(work.model().title() + ", " + work.batch() + " × " + work.length());
        try (TemporaryFolder folder = new TemporaryFolder()) {
            work.writeTo(folder.path());
            Fresh fresh = new Fresh(
                    options.whole("warmup"), options.whole("steps"), options.whole("rounds"), folder.path(), err);
            List<Contestant> sides = new ArrayList<>(
                    List.of(Contestant.own(OwnSide.NAME, folder.path(), work.threads(), "step", "float32")));
            sides.add(Contestant.peer(
                    "PyTorch SDPA",
                    Comparison.python(options),
                    folder.path(),
                    work.threads(),
                    "step",
                    "sdpa",
                    "float32"));
            return new Results(
                    "compare growth",
                    String.format(
                            Locale.ROOT, "%s, %d × %d tokens", work.model().title(), work.batch(), work.length()),
                    String.format(
                            Locale.ROOT,
                            "The median of %d steps of a new process after %d to warm up; %d rounds, %d threads.",
                            fresh.times(),
                            fresh.warmup(),
                            fresh.rounds(),
                            work.threads()),
                    work,
                    List.of(TIME, Fresh.PEAK),
                    Machine.here(),
                    fresh.measure(sides));
        }
    }

    private static String table(Axis axis, BertSize model, StepShape base, TreeMap<Integer, Results> line) {
        MarkdownText text = new MarkdownText();
        text.line("## Growth with the " + axis.title + ": " + axis.rest(model, base));
        text.line("");
        text.line(line.firstEntry().getValue().method());
        text.line("");
        List<SideResults> sides = line.firstEntry().getValue().sides();
        List<String> head = new ArrayList<>(List.of(axis.title));
        sides.forEach(side -> head.addAll(List.of(side.name() + ", ms", side.name() + ", MiB")));
        head.add("ratio of times");
        text.row(head);
        text.row(head.stream().map(column -> "---:").toList());
        line.forEach((size, results) -> {
            List<String> cells = new ArrayList<>(List.of(Integer.toString(size)));
            results.sides().forEach(side -> cells.addAll(List.of(cell(side, TIME), cell(side, Fresh.PEAK))));
            List<Double> ratios = results.sides().get(1).ratios(TIME);
            cells.add(
                    ratios.isEmpty()
                            ? "–"
                            : ResultsTable.times(Spread.of(ratios).median()));
            text.row(cells);
        });
        text.line("");
        return text.toString();
    }

    private static String cell(SideResults side, Figure figure) {
        return median(side, figure).map(ResultsTable::number).orElse(side.ran() ? "–" : "not run");
    }

    private static Optional<Double> median(SideResults side, Figure figure) {
        return side.has(figure) ? Optional.of(Spread.of(side.values(figure)).median()) : Optional.empty();
    }

    /** What grows. */
    private enum Axis {
        LENGTH("length in tokens", "lengths") {
            @Override
            StepWork work(BertSize model, StepShape base, int size, int threads) {
                return StepWork.of(model, base.batch(), size, threads, 1);
            }

            @Override
            String rest(BertSize model, StepShape base) {
                return model.title() + ", batches of " + base.batch();
            }
        },
        BATCH("batch", "batches") {
            @Override
            StepWork work(BertSize model, StepShape base, int size, int threads) {
                return StepWork.of(model, size, base.length(), threads, 1);
            }

            @Override
            String rest(BertSize model, StepShape base) {
                return model.title() + ", " + base.length() + " tokens";
            }
        },
        LAYERS("number of layers", "layers") {
            @Override
            StepWork work(BertSize model, StepShape base, int size, int threads) {
                BertSize sized = size == model.layers() ? model : model.withLayers(size);
                return StepWork.of(sized, base.batch(), base.length(), threads, 1);
            }

            @Override
            String rest(BertSize model, StepShape base) {
                return model.title() + ", " + base.batch() + " × " + base.length() + " tokens";
            }
        };

        private final String title;
        private final String option;

        Axis(String title, String option) {
            this.title = title;
            this.option = option;
        }

        abstract StepWork work(BertSize model, StepShape base, int size, int threads);

        abstract String rest(BertSize model, StepShape base);
    }

    /** Two rows of plots, time above memory, a column for each axis. */
    private static final class Chart {
        private final List<SvgPlots.Plot> times = new ArrayList<>();
        private final List<SvgPlots.Plot> memory = new ArrayList<>();

        void add(Axis axis, TreeMap<Integer, Results> line) {
            times.add(plot(axis, TIME, line));
            memory.add(plot(axis, Fresh.PEAK, line));
        }

        private static SvgPlots.Plot plot(Axis axis, Figure figure, TreeMap<Integer, Results> line) {
            Map<String, TreeMap<Double, Double>> lines = new LinkedHashMap<>();
            line.forEach((size, results) -> results.sides()
                    .forEach(side -> median(side, figure)
                            .ifPresent(value -> lines.computeIfAbsent(side.name(), name -> new TreeMap<>())
                                    .put((double) size, value))));
            return new SvgPlots.Plot(axis.title, figure.title(), lines);
        }

        String svg() {
            return SvgPlots.of(List.of(times, memory));
        }
    }
}
