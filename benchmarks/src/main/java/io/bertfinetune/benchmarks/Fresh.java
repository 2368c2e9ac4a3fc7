package io.bertfinetune.benchmarks;

import io.bertfinetune.benchmarks.Results.Sample;
import io.bertfinetune.benchmarks.Results.SideResults;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Measures contestants each of which is a new process in every round, one process at a time. To what they answer it adds
 * {@code wall_ms}, from the start of the process to its last answer, and {@code peak_mib}, the most memory it held.
 *
 * @param warmup how often each process works before it is measured
 * @param times how often it works then; the median of its answers is its sample
 * @param rounds how many processes of each contestant are started
 * @param logs a folder for what sides write to standard error
 * @param err where to tell how far it is
 */
record Fresh(int warmup, int times, int rounds, Path logs, PrintStream err) {
    static final Figure PEAK = Figure.less("peak_mib", "peak resident memory, MiB");

    /** Checks the numbers. */
    Fresh {
        Turns.requirePositive("rounds", rounds);
        Turns.requirePositive("steps", times);
        if (warmup < 0) {
            throw new IllegalArgumentException("warmup is " + warmup + ", expected 0 or more");
        }
    }

    /**
     * Measures the contestants, of which the first is the reference of the others.
     *
     * @throws SideException if one that is required does not do its work
     */
    List<SideResults> measure(List<Contestant> all) {
        List<Runs> runs = all.stream().map(Runs::new).toList();
        for (int round = 1; round <= rounds; round++) {
            runs.forEach(Runs::run);
            err.println("round " + round + " of " + rounds);
        }
        return runs.stream().map(each -> each.results(runs.get(0))).toList();
    }

    /** The processes of one contestant. */
    private final class Runs {
        private final Contestant contestant;
        private final List<Sample> samples = new ArrayList<>();
        private Map<String, String> versions = Map.of();
        private Optional<String> notRun;

        Runs(Contestant contestant) {
            this.contestant = contestant;
            this.notRun = contestant.command().isEmpty() ? Optional.of("no --python was given") : Optional.empty();
        }

        void run() {
            if (notRun.isPresent()) {
                return;
            }
            err.println(contestant.name());
            try {
                samples.add(sample());
            } catch (SideException e) {
                if (contestant.isRequired()) {
                    throw e;
                }
                notRun = Optional.of(e.reason());
                err.println(contestant.name() + " does not run: " + e.reason());
            }
        }

        private Sample sample() {
            long start = System.nanoTime();
            try (Side side = Side.start(contestant, logs.resolve(contestant.name() + ".log"))) {
                versions = side.ready().versions();
                IntStream.range(0, warmup).forEach(i -> side.once());
                List<Sample> answers = IntStream.range(0, times)
                        .mapToObj(i -> Turns.sample(side))
                        .toList();
                double wall = (System.nanoTime() - start) / 1e6;
                Map<String, Double> figures = new HashMap<>(medians(answers));
                figures.put("wall_ms", wall);
                side.peakMiB().ifPresent(peak -> figures.put(PEAK.key(), peak));
                return new Sample(figures, mostOthers(answers));
            }
        }

        SideResults results(Runs reference) {
            return notRun.map(reason -> SideResults.notRun(contestant.name(), reason))
                    .orElseGet(() -> new SideResults(
                            contestant.name(),
                            Optional.empty(),
                            versions,
                            Map.of(),
                            samples,
                            reference.notRun.isEmpty() ? reference.samples : List.of()));
        }
    }

    private static Map<String, Double> medians(List<Sample> answers) {
        Map<String, Double> medians = new HashMap<>();
        for (String key : answers.get(0).figures().keySet()) {
            List<Double> values = answers.stream()
                    .flatMap(answer -> Optional.ofNullable(answer.figures().get(key)).stream())
                    .toList();
            medians.put(key, Spread.of(values).median());
        }
        return medians;
    }

    private static OptionalDouble mostOthers(List<Sample> answers) {
        return answers.stream()
                .flatMapToDouble(answer -> answer.others().stream())
                .max();
    }
}
