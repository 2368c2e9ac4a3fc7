package io.bertfinetune.benchmarks;

import io.bertfinetune.benchmarks.Results.Sample;
import io.bertfinetune.benchmarks.Results.SideResults;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measures contestants that are alive side by side, all warm, of which one is asked at a time, in turn. With
 * {@link #inPairs} never more than one peer is alive beside the library.
 *
 * @param warmup how often each works before it is measured
 * @param rounds how often each is measured
 * @param inPairs whether each peer is measured alone beside the library
 * @param agreement the facts in which all must agree, and how far they may lie apart, as a share
 * @param logs a folder for what sides write to standard error
 * @param err where to tell how far it is
 */
record Turns(int warmup, int rounds, boolean inPairs, Map<String, Double> agreement, Path logs, PrintStream err) {
    /** Between turns, until threads that still spin for work have given up. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Checks the numbers. */
    Turns {
        requirePositive("rounds", rounds);
    }

    static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", expected 1 or more");
        }
    }

    /**
     * Measures the contestants, of which the first is the reference of the others.
     *
     * @throws SideException if one that is required does not do its work
     */
    List<SideResults> measure(List<Contestant> all) {
        List<Contestant> able =
                all.stream().filter(each -> !each.command().isEmpty()).toList();
        Map<String, SideResults> results = new HashMap<>();
        List<SideResults> references = new ArrayList<>();
        for (List<Contestant> group : groups(able)) {
            List<SideResults> measured = group(group);
            references.add(measured.get(0));
            measured.subList(1, measured.size()).forEach(side -> results.put(side.name(), side));
        }
        SideResults reference = SideResults.joined(references);
        results.put(reference.name(), reference);
        return all.stream()
                .map(each -> Optional.ofNullable(results.get(each.name()))
                        .orElseGet(() -> SideResults.notRun(each.name(), "no --python was given")))
                .toList();
    }

    private List<List<Contestant>> groups(List<Contestant> able) {
        if (!inPairs || able.size() < 3) {
            return List.of(able);
        }
        return able.stream().skip(1).map(peer -> List.of(able.get(0), peer)).toList();
    }

    private List<SideResults> group(List<Contestant> group) {
        List<Turn> turns = group.stream().map(each -> new Turn(each)).toList();
        try {
            turns.forEach(Turn::start);
            turns.forEach(turn -> turn.requireAgreement(turns.get(0)));
            for (int i = 0; i < warmup; i++) {
                turns.forEach(turn -> turn.take(false));
            }
            err.println("warm");
            for (int round = 1; round <= rounds; round++) {
                turns.forEach(turn -> turn.take(true));
                err.println("round " + round + " of " + rounds);
            }
            return turns.stream().map(turn -> turn.results(turns.get(0))).toList();
        } finally {
            turns.forEach(Turn::stop);
        }
    }

    /** One contestant in a group. */
    private final class Turn {
        private final Contestant contestant;
        private final List<Sample> samples = new ArrayList<>();
        private Optional<Side> side = Optional.empty();
        private Optional<String> notRun = Optional.empty();

        Turn(Contestant contestant) {
            this.contestant = contestant;
        }

        void start() {
            attempt(() -> {
                side = Optional.of(Side.start(contestant, logs.resolve(contestant.name() + ".log")));
                err.println(contestant.name() + " is ready");
            });
        }

        /** Sides that do not compute the same are not compared. */
        void requireAgreement(Turn reference) {
            if (side.isEmpty() || reference.side.isEmpty()) {
                return;
            }
            Map<String, Double> expected = reference.side.get().ready().facts();
            Map<String, Double> found = side.get().ready().facts();
            agreement.forEach((fact, share) -> {
                Double one = expected.get(fact);
                Double other = found.get(fact);
                if (one != null && other != null && !(Math.abs(other - one) <= share * Math.abs(one))) {
                    throw new SideException(
                            contestant.name() + ": " + fact.replace('_', ' ') + " is " + other + ", that of "
                                    + reference.contestant.name() + " " + one + "; they do not compute the same");
                }
            });
        }

        void take(boolean keep) {
            attempt(() -> side.ifPresent(running -> {
                pause();
                Sample sample = sample(running);
                if (keep) {
                    samples.add(sample);
                }
            }));
        }

        private void attempt(Runnable action) {
            try {
                action.run();
            } catch (SideException e) {
                if (contestant.isRequired()) {
                    throw e;
                }
                notRun = Optional.of(e.reason());
                err.println(contestant.name() + " does not run: " + e.reason());
                stop();
            }
        }

        SideResults results(Turn reference) {
            if (side.isEmpty()) {
                return SideResults.notRun(contestant.name(), notRun.orElse("it did not start"));
            }
            Map<String, Double> facts = new HashMap<>(side.get().ready().facts());
            side.get().peakMiB().ifPresent(peak -> facts.put("peak_resident_memory_MiB", peak));
            return new SideResults(
                    contestant.name(),
                    Optional.empty(),
                    side.get().ready().versions(),
                    facts,
                    samples,
                    reference.side.isPresent() ? reference.samples : List.of());
        }

        void stop() {
            side.ifPresent(Side::close);
            side = Optional.empty();
        }
    }

    /** Lets a side work once, and watches what else the processors do. */
    static Sample sample(Side side) {
        Optional<OthersLoad.Ticks> before = OthersLoad.Ticks.now();
        Duration cpu = side.cpu();
        long start = System.nanoTime();
        Map<String, Double> answer = side.once();
        Duration wall = Duration.ofNanos(System.nanoTime() - start);
        Duration own = side.cpu().minus(cpu);
        OptionalDouble others = OthersLoad.between(before, OthersLoad.Ticks.now(), own, wall);
        Map<String, Double> figures = new HashMap<>(answer);
        if (!own.isZero()) {
            figures.put("processor_ms", own.toNanos() / 1e6);
        }
        return new Sample(figures, others);
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
