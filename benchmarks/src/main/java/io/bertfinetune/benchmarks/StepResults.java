package io.bertfinetune.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a comparison of steps found; nothing measured is left out.
 *
 * @param work the steps taken
 * @param warmup how many steps each side took before the rounds
 * @param machine where
 * @param sides the library first, then its peers, those that did not run among them
 */
record StepResults(StepWork work, int warmup, Machine machine, List<SideResults> sides) {
    /** The share of the processors above which others disturbed a step. */
    static final double DISTURBING = 0.05;

    /** Keeps the sides. */
    StepResults {
        sides = List.copyOf(sides);
    }

    /** The library's own. */
    SideResults own() {
        return sides.get(0);
    }

    /** The other sides. */
    List<SideResults> peers() {
        return sides.subList(1, sides.size());
    }

    /** How often a peer's step took as long as the library's in the same round; above 1 the library is faster. */
    List<Double> ratios(SideResults peer) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < peer.samples().size(); round++) {
            ratios.add(
                    peer.samples().get(round).ms() / own().samples().get(round).ms());
        }
        return ratios;
    }

    /** Those of {@link #ratios} in whose rounds others disturbed neither of the two. */
    List<Double> undisturbedRatios(SideResults peer) {
        List<Double> all = ratios(peer);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < all.size(); round++) {
            if (!peer.samples().get(round).isDisturbed()
                    && !own().samples().get(round).isDisturbed()) {
                ratios.add(all.get(round));
            }
        }
        return ratios;
    }

    /**
     * What one side did.
     *
     * @param name the side
     * @param firstLoss the loss before training; empty if it did not run
     * @param versions of what it runs on
     * @param samples its step of each round; empty if it did not run
     */
    record SideResults(String name, OptionalDouble firstLoss, Map<String, String> versions, List<Sample> samples) {
        /** Keeps the samples. */
        SideResults {
            versions = Map.copyOf(versions);
            samples = List.copyOf(samples);
        }

        static SideResults notRun(String name) {
            return new SideResults(name, OptionalDouble.empty(), Map.of(), List.of());
        }

        boolean ran() {
            return !samples.isEmpty();
        }

        /** The steps' times, in milliseconds. */
        Spread times() {
            return Spread.of(samples.stream().map(Sample::ms).toList());
        }

        /** The steps' processor times, in milliseconds. */
        Spread processorTimes() {
            return Spread.of(samples.stream().map(Sample::processorMs).toList());
        }

        /** How many steps others disturbed. */
        long disturbed() {
            return samples.stream().filter(Sample::isDisturbed).count();
        }
    }

    /**
     * One measured step.
     *
     * @param ms how long it took, in milliseconds
     * @param processorMs how long processors worked for it, over all threads; 0 where the system does not tell
     * @param loss the loss before the update
     * @param others the share of the processors that others used meanwhile; empty if not known
     */
    record Sample(double ms, double processorMs, double loss, OptionalDouble others) {
        boolean isDisturbed() {
            return others.orElse(0) > DISTURBING;
        }
    }
}
