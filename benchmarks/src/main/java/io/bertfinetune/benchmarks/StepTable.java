package io.bertfinetune.benchmarks;

import io.bertfinetune.benchmarks.StepResults.Sample;
import io.bertfinetune.benchmarks.StepResults.SideResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A comparison of steps for people, in Markdown. */
final class StepTable {
    private static final String NOT_RUN = "not run";
    private static final String DISTURBED = "\\*";

    private final StepResults results;
    private final StringBuilder text = new StringBuilder();

    private StepTable(StepResults results) {
        this.results = results;
    }

    static String of(StepResults results) {
        StepTable table = new StepTable(results);
        table.heading();
        table.summary();
        table.rounds();
        table.machine();
        return table.text.toString();
    }

    private void heading() {
        StepWork work = results.work();
        line("## One training step: %s, %d × %d tokens", work.model().title(), work.batch(), work.length());
        line("");
        line(
                "Forward, backward, %s and AdamW on every weight; float32, dropout 0.1, no padding, %d %s. Each side took %d"
                        + " steps to warm up, then one in each of %d rounds, one side at a time.",
                work.maxGradNorm() > 0
                        ? String.format(Locale.ROOT, "clipping to a norm of %s", work.maxGradNorm())
                        : "no clipping",
                work.threads(),
                work.threads() == 1 ? "thread" : "threads",
                results.warmup(),
                results.own().samples().size());
        line("");
    }

    private void summary() {
        row("", SideResults::name);
        row("---", side -> "---:");
        ranRow("median, ms", side -> ms(side.times().median()));
        ranRow("min, ms", side -> ms(side.times().min()));
        ranRow(
                "quartiles, ms",
                side -> ms(side.times().lowerQuartile()) + " – "
                        + ms(side.times().upperQuartile()));
        ranRow("interquartile spread, ms", side -> ms(side.times().interquartile()));
        ranRow("processor time, median, ms", side -> ms(side.processorTimes().median()));
        ranRow("ratio to " + OwnSide.NAME + ", median of rounds", side -> ratio(results.ratios(side)));
        ranRow("ratio, least – greatest", side -> {
            Spread ratios = Spread.of(results.ratios(side));
            return times(ratios.min()) + " – " + times(ratios.max());
        });
        ranRow("ratio, median of undisturbed rounds", side -> {
            List<Double> ratios = results.undisturbedRatios(side);
            return ratios.isEmpty() ? "no such round" : ratio(ratios) + " (n=" + ratios.size() + ")";
        });
        ranRow(
                "disturbed steps",
                side -> side.disturbed() + " of " + side.samples().size());
        ranRow(
                "loss before training, no dropout",
                side -> String.format(Locale.ROOT, "%.6f", side.firstLoss().orElseThrow()));
        line("");
    }

    private void rounds() {
        List<SideResults> ran =
                results.sides().stream().filter(SideResults::ran).toList();
        List<SideResults> peers = ran.subList(1, ran.size());
        List<String> head = new ArrayList<>(List.of("round"));
        ran.forEach(side -> head.add(side.name() + ", ms"));
        peers.forEach(peer -> head.add(peer.name() + " ratio"));
        row(head);
        row(head.stream().map(column -> "---:").toList());
        int rounds = results.own().samples().size();
        IntStream.range(0, rounds).forEach(round -> {
            List<String> cells = new ArrayList<>(List.of(Integer.toString(round + 1)));
            ran.forEach(side -> cells.add(ms(side.samples().get(round))));
            peers.forEach(peer -> cells.add(times(results.ratios(peer).get(round))));
            row(cells);
        });
        line("");
        line(
                "%s: others used more than %.0f %% of the processors during the step. A ratio is the peer's time by that of"
                        + " %s in the same round: above 1, %s is faster.",
                DISTURBED, 100 * StepResults.DISTURBING, OwnSide.NAME, OwnSide.NAME);
        line("Processor time is that of all threads, those that spin while they wait among them.");
        line("");
    }

    private void machine() {
        Machine machine = results.machine();
        Map<String, String> versions = new TreeMap<>();
        results.sides().forEach(side -> versions.putAll(side.versions()));
        line("- Processor: %s, %d cores, %s", machine.processor(), machine.cores(), machine.system());
        line("- Instructions: %s", listed(machine.flags()));
        line("- Without: %s", listed(machine.without()));
        line(
                "- Versions: %s",
                versions.entrySet().stream()
                        .map(version -> version.getKey() + " " + version.getValue())
                        .collect(Collectors.joining(", ")));
    }

    private void ranRow(String name, Function<SideResults, String> cell) {
        row(name, side -> side.ran() ? cell.apply(side) : NOT_RUN);
    }

    private void row(String name, Function<SideResults, String> cell) {
        List<String> cells = new ArrayList<>(List.of(name));
        results.sides().forEach(side -> cells.add(cell.apply(side)));
        row(cells);
    }

    private void row(List<String> cells) {
        line("%s", cells.stream().collect(Collectors.joining(" | ", "| ", " |")));
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String listed(List<String> flags) {
        return flags.isEmpty() ? "none" : String.join(", ", flags);
    }

    private static String ms(Sample sample) {
        return ms(sample.ms()) + (sample.isDisturbed() ? DISTURBED : "");
    }

    private static String ms(double ms) {
        return String.format(Locale.ROOT, ms < 100 ? "%.1f" : "%.0f", ms);
    }

    private static String ratio(List<Double> ratios) {
        return times(Spread.of(ratios).median());
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, "×%.2f", ratio);
    }
}
