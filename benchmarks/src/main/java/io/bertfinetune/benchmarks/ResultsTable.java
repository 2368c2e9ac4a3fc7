package io.bertfinetune.benchmarks;

import io.bertfinetune.benchmarks.Results.SideResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A comparison for people, in Markdown. */
final class ResultsTable {
    private static final String NOT_RUN = "not run";
    private static final String UNKNOWN = "–";

    private final Results results;
    private final MarkdownText text = new MarkdownText();

    private ResultsTable(Results results) {
        this.results = results;
    }

    static String of(Results results) {
        ResultsTable table = new ResultsTable(results);
        table.text.line("## " + results.title());
        table.text.line("");
        table.text.line(results.method());
        table.text.line("");
        table.summary();
        table.notes();
        return table.text.toString();
    }

    private void summary() {
        row("", SideResults::name);
        row("---", side -> "---:");
        boolean first = true;
        for (Figure figure : results.figures()) {
            figure(figure);
            if (first) {
                disturbed(figure);
                first = false;
            }
        }
        for (String fact : facts()) {
            ranRow(
                    fact.replace('_', ' '),
                    side -> side.facts().containsKey(fact),
                    side -> String.format(Locale.ROOT, "%.6g", side.facts().get(fact)));
        }
        text.line("");
    }

    private void figure(Figure figure) {
        Predicate<SideResults> has = side -> side.has(figure);
        Function<SideResults, Spread> spread = side -> Spread.of(side.values(figure));
        ranRow(
                figure.title() + (rounds() > 1 ? ", median" : ""),
                has,
                side -> number(spread.apply(side).median()));
        if (!figure.isCompared()) {
            return;
        }
        if (rounds() > 1) {
            ranRow(
                    "quartiles",
                    has,
                    side -> number(spread.apply(side).lowerQuartile()) + " – "
                            + number(spread.apply(side).upperQuartile()));
            ranRow(
                    "interquartile spread",
                    has,
                    side -> number(spread.apply(side).interquartile()));
        }
        if (isAlone()) {
            return;
        }
        Predicate<SideResults> compared = side -> !side.ratios(figure).isEmpty();
        ranRow("ratio" + (rounds() > 1 ? ", median of rounds" : ""), compared, side -> ratio(side.ratios(figure)));
        if (rounds() > 1) {
            ranRow("ratio, least – greatest", compared, side -> {
                Spread ratios = Spread.of(side.ratios(figure));
                return times(ratios.min()) + " – " + times(ratios.max());
            });
        }
    }

    private void disturbed(Figure figure) {
        if (!isAlone()) {
            ranRow("ratio, median of undisturbed rounds", SideResults::ran, side -> {
                List<Double> ratios = side.undisturbedRatios(figure);
                return ratios.isEmpty() ? "no such round" : ratio(ratios) + " (n=" + ratios.size() + ")";
            });
        }
        ranRow(
                "disturbed samples",
                SideResults::ran,
                side -> side.disturbed() + " of " + side.samples().size());
    }

    private int rounds() {
        return results.sides().stream()
                .mapToInt(side -> side.samples().size())
                .max()
                .orElse(0);
    }

    /** Whether nobody but the library was to be measured. */
    private boolean isAlone() {
        return results.sides().size() == 1;
    }

    private Iterable<String> facts() {
        return results.sides().stream()
                .flatMap(side -> side.facts().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void notes() {
        text.line(String.format(
                Locale.ROOT,
                "Disturbed: others used more than %.0f %% of the processors meanwhile. A ratio is that of a round; above 1,"
                        + " %s is better.",
                100 * Results.DISTURBING,
                results.sides().get(0).name()));
        text.line("");
        results.sides()
                .forEach(side -> side.notRun().ifPresent(why -> text.line("- " + side.name() + ": not run; " + why)));
        machine(results).forEach(text::line);
        text.line("");
    }

    /** What it was measured on, a line of a list each. */
    static List<String> machine(Results results) {
        Machine machine = results.machine();
        Map<String, String> versions = new TreeMap<>();
        results.sides().forEach(side -> versions.putAll(side.versions()));
        return List.of(
                "- Processor: " + machine.processor() + ", " + machine.cores() + " cores, " + machine.system(),
                "- Instructions: " + listed(machine.flags()),
                "- Without: " + listed(machine.without()),
                "- Versions: "
                        + versions.entrySet().stream()
                                .map(version -> version.getKey() + " " + version.getValue())
                                .collect(Collectors.joining(", ")));
    }

    private void ranRow(String name, Predicate<SideResults> known, Function<SideResults, String> cell) {
        row(name, side -> {
            if (!side.ran()) {
                return NOT_RUN;
            }
            return known.test(side) ? cell.apply(side) : UNKNOWN;
        });
    }

    private void row(String name, Function<SideResults, String> cell) {
        List<String> cells = new ArrayList<>(List.of(name));
        results.sides().forEach(side -> cells.add(cell.apply(side)));
        text.row(cells);
    }

    private static String listed(List<String> flags) {
        return flags.isEmpty() ? "none" : String.join(", ", flags);
    }

    /** With as many digits as a reader wants. */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 1 ? "%.4f" : size < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String ratio(List<Double> ratios) {
        return times(Spread.of(ratios).median());
    }

    static String times(double ratio) {
        return String.format(Locale.ROOT, "×%.2f", ratio);
    }
}
