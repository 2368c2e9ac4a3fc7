package io.bertfinetune.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a comparison found; nothing measured is left out.
 *
 * @param suite the suite's name
 * @param title what was done
 * @param method how it was measured, a sentence or more
 * @param work what every side was given, for JSON
 * @param figures what was measured; the first is the most important
 * @param machine where
 * @param sides the library first, then its peers, those that did not run among them
 */
record Results(
        String suite,
        String title,
        String method,
        Object work,
        List<Figure> figures,
        Machine machine,
        List<SideResults> sides) {
    /** The share of the processors above which others disturbed a sample. */
    static final double DISTURBING = 0.05;

    /** Keeps the lists. */
    Results {
        figures = List.copyOf(figures);
        sides = List.copyOf(sides);
    }

    /**
     * What one side did.
     *
     * @param name the side
     * @param notRun why it did not run; empty if it did
     * @param versions of what it runs on
     * @param facts numbers it gave once, by key
     * @param samples what it answered in each round; empty if it did not run
     * @param reference what the library answered in the same rounds; empty if there is nothing to compare with
     */
    record SideResults(
            String name,
            Optional<String> notRun,
            Map<String, String> versions,
            Map<String, Double> facts,
            List<Sample> samples,
            List<Sample> reference) {
        /** Keeps the lists. */
        SideResults {
            versions = Map.copyOf(versions);
            facts = Map.copyOf(facts);
            samples = List.copyOf(samples);
            reference = List.copyOf(reference);
        }

        static SideResults notRun(String name, String reason) {
            return new SideResults(name, Optional.of(reason), Map.of(), Map.of(), List.of(), List.of());
        }

        boolean ran() {
            return notRun.isEmpty();
        }

        boolean has(Figure figure) {
            return !samples.isEmpty()
                    && samples.stream().allMatch(sample -> sample.figures().containsKey(figure.key()));
        }

        /** What it answered for a figure, round by round. */
        List<Double> values(Figure figure) {
            return samples.stream().map(sample -> sample.of(figure)).toList();
        }

        /** In each round, how many times as good the library was; empty without a reference. */
        List<Double> ratios(Figure figure) {
            return ratios(figure, false);
        }

        /** Those of {@link #ratios} in whose rounds others disturbed neither of the two. */
        List<Double> undisturbedRatios(Figure figure) {
            return ratios(figure, true);
        }

        private List<Double> ratios(Figure figure, boolean undisturbed) {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < reference.size(); round++) {
                Sample own = reference.get(round);
                Sample peer = samples.get(round);
                boolean known = own.figures().containsKey(figure.key())
                        && peer.figures().containsKey(figure.key());
                if (known && !(undisturbed && (own.isDisturbed() || peer.isDisturbed()))) {
                    ratios.add(figure.ratio(own.of(figure), peer.of(figure)));
                }
            }
            return ratios;
        }

        /** How many samples others disturbed. */
        long disturbed() {
            return samples.stream().filter(Sample::isDisturbed).count();
        }

        /** The same side, measured in several groups, each with its own reference. */
        static SideResults joined(Collection<SideResults> parts) {
            List<SideResults> ran = parts.stream().filter(SideResults::ran).toList();
            if (ran.isEmpty()) {
                return parts.iterator().next();
            }
            SideResults first = ran.get(0);
            return new SideResults(
                    first.name,
                    Optional.empty(),
                    first.versions,
                    first.facts,
                    ran.stream().flatMap(part -> part.samples.stream()).toList(),
                    ran.stream().flatMap(part -> part.reference.stream()).toList());
        }
    }

    /**
     * What a side did in one round.
     *
     * @param figures the numbers, by key
     * @param others the share of the processors that others used meanwhile; empty if not known
     */
    record Sample(Map<String, Double> figures, OptionalDouble others) {
        /** Keeps the numbers. */
        Sample {
            figures = Map.copyOf(figures);
        }

        double of(Figure figure) {
            Double value = figures.get(figure.key());
            if (value == null) {
                throw new IllegalArgumentException("no figure '" + figure.key() + "'; there are " + figures.keySet());
            }
            return value;
        }

        boolean isDisturbed() {
            return others.orElse(0) > DISTURBING;
        }
    }
}
