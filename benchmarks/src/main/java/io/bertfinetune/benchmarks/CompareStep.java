package io.bertfinetune.benchmarks;

import io.bertfinetune.benchmarks.StepResults.Sample;
import io.bertfinetune.benchmarks.StepResults.SideResults;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How long a training step takes, beside Hugging Face transformers on PyTorch. Every side is a process with the same
 * weights, tokens, labels, settings and threads; all are warm, and one is asked at a time, in turn.
 */
final class CompareStep {
    private static final int WARMUP = 3;
    /** Between turns, until threads that still spin for work have given up. */
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** How far losses may lie apart, as a share, before any training and without dropout. */
    private static final double SAME_LOSS = 1e-4;

    private static final List<Option> OPTIONS = List.of(
            new Option("python", "", "A Python that has torch and transformers; without it the peers do not run"),
            new Option("model", "minilm", "minilm, base, large or tiny"),
            new Option("batch", "16", "How many examples make a step"),
            new Option("length", "128", "How many tokens each has"),
            new Option("rounds", "9", "How many steps of each side are measured"),
            new Option("threads", "2", "With how many threads each side computes"),
            new Option("max-grad-norm", "1.0", "What gradients are clipped to; 0 for no clipping"),
            new Option("json", "compare-step.json", "The file to write every number to"));

    private CompareStep() {}

    static Suite suite() {
        return new Suite("compare step", "one training step, beside transformers on PyTorch", CompareStep::run);
    }

    private static void run(PrintStream out, PrintStream err, String... flags) throws IOException {
        if (Arrays.stream(flags).anyMatch(Options::asksForHelp)) {
            out.println(Options.help(OPTIONS));
            return;
        }
        Options options = Options.parse(OPTIONS, flags);
        StepWork work = StepWork.of(
                BertSize.of(options.text("model")),
                options.whole("batch"),
                options.whole("length"),
                options.whole("threads"),
                options.number("max-grad-norm"));
        int rounds = options.whole("rounds");
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds is " + rounds + ", expected 1 or more");
        }
        StepResults results = compare(work, rounds, options.optional("python"), err);
        out.print(StepTable.of(results));
        Files.writeString(Path.of(options.text("json")), StepJson.of(results) + "\n");
    }

    private static StepResults compare(StepWork work, int rounds, Optional<String> python, PrintStream err) {
        List<Side> sides = new ArrayList<>();
        try (TemporaryFolder folder = new TemporaryFolder()) {
            try {
                work.writeTo(folder.path());
                start(work, folder.path(), python, sides, err);
                return new StepResults(work, WARMUP, Machine.here(), measure(sides, rounds, err));
            } finally {
                sides.forEach(Side::close);
            }
        }
    }

    private static void start(StepWork work, Path folder, Optional<String> python, List<Side> sides, PrintStream err) {
        sides.add(Side.start(OwnSide.NAME, OwnSide.command(work, folder), folder.resolve("own.log")));
        err.println(OwnSide.NAME + " is ready");
        if (python.isPresent()) {
            Peer.writeScript(folder);
            for (Peer peer : Peer.values()) {
                Path log = folder.resolve(peer + ".log");
                sides.add(Side.start(peer.title(), peer.command(python.get(), folder), log));
                err.println(peer.title() + " is ready");
            }
        }
        for (Side side : sides) {
            requireSame(work, sides.get(0), side);
        }
    }

    /** Sides that do not compute the same are not compared. */
    private static void requireSame(StepWork work, Side own, Side side) {
        double expected = own.ready().firstLoss();
        double found = side.ready().firstLoss();
        if (!(Math.abs(found - expected) <= SAME_LOSS * Math.abs(expected))) {
            throw new SideException(side.name() + ": loss before training is " + found + ", that of " + own.name() + " "
                    + expected + "; they do not compute the same");
        }
        if (side.ready().threads() != work.threads()) {
            throw new SideException(
                    side.name() + " computes with " + side.ready().threads() + " threads, expected " + work.threads());
        }
    }

    private static List<SideResults> measure(List<Side> sides, int rounds, PrintStream err) {
        for (int step = 0; step < WARMUP; step++) {
            sides.forEach(CompareStep::sample);
        }
        err.println("warm");
        List<List<Sample>> samples = new ArrayList<>();
        sides.forEach(side -> samples.add(new ArrayList<>()));
        for (int round = 1; round <= rounds; round++) {
            for (int i = 0; i < sides.size(); i++) {
                samples.get(i).add(sample(sides.get(i)));
            }
            err.println("round " + round + " of " + rounds);
        }
        List<SideResults> results = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            Side side = sides.get(i);
            results.add(new SideResults(
                    side.name(),
                    OptionalDouble.of(side.ready().firstLoss()),
                    side.ready().versions(),
                    samples.get(i)));
        }
        if (sides.size() == 1) {
            Arrays.stream(Peer.values())
                    .map(Peer::title)
                    .map(SideResults::notRun)
                    .forEach(results::add);
        }
        return results;
    }

    private static Sample sample(Side side) {
        pause();
        Optional<OthersLoad.Ticks> before = OthersLoad.Ticks.now();
        Duration cpu = side.cpu();
        long start = System.nanoTime();
        Side.Step step = side.step();
        Duration wall = Duration.ofNanos(System.nanoTime() - start);
        Duration own = side.cpu().minus(cpu);
        OptionalDouble others = OthersLoad.between(before, OthersLoad.Ticks.now(), own, wall);
        return new Sample(step.ms(), own.toNanos() / 1e6, step.loss(), others);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SideException("interrupted", e);
        }
    }
}
