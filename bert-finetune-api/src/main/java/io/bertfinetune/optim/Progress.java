package io.bertfinetune.optim;

import java.util.List;
import java.util.OptionalDouble;

/** Where a run stands, as far as a {@link LearningRateSchedule} looks. Does not change. */
public final class Progress {
    private final long step;
    private final long totalSteps;
    private final long warmupSteps;
    private final OptionalDouble baseLearningRate;
    private final List<Double> evaluations;

    private Progress(
            long step, long totalSteps, long warmupSteps, OptionalDouble baseLearningRate, List<Double> evaluations) {
        if (step < 0 || totalSteps < 0) {
            throw new IllegalArgumentException(
                    "Progress: step " + step + " of " + totalSteps + ", expected numbers from 0");
        }
        this.step = step;
        this.totalSteps = totalSteps;
        this.warmupSteps = warmupSteps;
        this.baseLearningRate = baseLearningRate;
        this.evaluations = List.copyOf(evaluations);
    }

    /**
     * A run without warm-up.
     *
     * @param step how many optimizer steps are done; 0 before the first
     * @param totalSteps how many the run has
     * @return the progress
     * @throws IllegalArgumentException if one of them is below 0
     */
    public static Progress at(long step, long totalSteps) {
        return new Progress(step, totalSteps, 0, OptionalDouble.empty(), List.of());
    }

    /**
     * The same place in a run with a warm-up.
     *
     * @param warmup how long the learning rate rises
     * @return a new progress
     */
    public Progress warmup(Steps warmup) {
        return new Progress(step, totalSteps, warmup.in(totalSteps), baseLearningRate, evaluations);
    }

    /**
     * The same place in a run with this learning rate, for schedules that end at a given one.
     *
     * @param baseLearningRate what the schedule's factor is multiplied by, above 0
     * @return a new progress
     * @throws IllegalArgumentException if it is not a number above 0
     */
    public Progress baseLearningRate(double baseLearningRate) {
        if (!(baseLearningRate > 0) || Double.isInfinite(baseLearningRate)) {
            throw new IllegalArgumentException(
                    "Progress: base learning rate is " + baseLearningRate + ", expected a number above 0");
        }
        return new Progress(step, totalSteps, warmupSteps, OptionalDouble.of(baseLearningRate), evaluations);
    }

    /**
     * The same place in a run with these evaluations behind it, for schedules that look at them.
     *
     * @param evaluations what each evaluation found, the loss for instance, oldest first
     * @return a new progress
     */
    public Progress evaluations(List<Double> evaluations) {
        return new Progress(step, totalSteps, warmupSteps, baseLearningRate, evaluations);
    }

    /**
     * What each evaluation found so far.
     *
     * @return values of one metric, oldest first; empty unless set
     */
    public List<Double> evaluations() {
        return evaluations;
    }

    /**
     * How many optimizer steps are done.
     *
     * @return 0 before the first
     */
    public long step() {
        return step;
    }

    /**
     * How many optimizer steps the run has.
     *
     * @return 0 or more
     */
    public long totalSteps() {
        return totalSteps;
    }

    /**
     * How many steps the learning rate rises.
     *
     * @return 0 or more
     */
    public long warmupSteps() {
        return warmupSteps;
    }

    /**
     * What the schedule's factor is multiplied by.
     *
     * @return the learning rate
     * @throws IllegalStateException if it was not set
     */
    public double baseLearningRate() {
        return baseLearningRate.orElseThrow(() -> new IllegalStateException(
                "Progress: this schedule needs the learning rate; set it with Progress.baseLearningRate(…)"));
    }

    /**
     * The share of the steps after the warm-up that is done.
     *
     * @return 0 up to the end of the warm-up, 1 at the end of the run
     */
    public double afterWarmup() {
        double share = (step - warmupSteps) / (double) Math.max(1, totalSteps - warmupSteps);
        return Math.min(1, Math.max(0, share));
    }

    /**
     * The numbers, for messages.
     *
     * @return {@code step 30 of 100, 10 of warm-up}
     */
    @Override
    public String toString() {
        return "step " + step + " of " + totalSteps + ", " + warmupSteps + " of warm-up";
    }
}
