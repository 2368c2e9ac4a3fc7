package io.bertfinetune.optim;

import java.util.Map;

/**
 * What the learning rate is multiplied by as a run goes on; Hugging Face's {@code lr_scheduler_type}. A pure function
 * of progress, so that a resumed run needs nothing saved for it; {@link ReduceLrOnPlateau} looks at the evaluations
 * there were as well.
 *
 * <p>One of your own is its curve after the warm-up, a straight line to one half for instance:
 *
 * <pre>{@code
 * LearningRateSchedule half = progress -> 1 - progress.afterWarmup() / 2;
 * }</pre>
 *
 * <p>Those given here have the values of transformers' {@code get_scheduler} at every step of a run; past the end of it
 * they stay where they ended.
 */
@FunctionalInterface
public interface LearningRateSchedule {
    /**
     * The factor after the warm-up.
     *
     * @param progress where the run stands
     * @return the factor; 1 is the whole learning rate
     */
    double curve(Progress progress);

    /**
     * The factor: rising in a straight line from 0 during the warm-up, the curve after it. The first step of a run is
     * taken with the factor of step 0.
     *
     * @param progress where the run stands
     * @return what the learning rate is multiplied by
     */
    default double factor(Progress progress) {
        return progress.step() < progress.warmupSteps()
                ? progress.step() / (double) progress.warmupSteps()
                : curve(progress);
    }

    /**
     * Hugging Face's name of it, a value of {@code lr_scheduler_type}.
     *
     * @return the name; {@code "custom"} for one of your own, which JSON cannot carry
     */
    default String type() {
        return "custom";
    }

    /**
     * Its settings under Hugging Face's names, {@code lr_scheduler_kwargs}.
     *
     * @return the settings, numbers and texts, without those that have Hugging Face's default
     */
    default Map<String, Object> kwargs() {
        return Map.of();
    }

    /**
     * The schedule Hugging Face calls so.
     *
     * @param type a value of {@code lr_scheduler_type}
     * @param kwargs its {@code lr_scheduler_kwargs}; what is missing has Hugging Face's default
     * @return the schedule
     * @throws IllegalArgumentException if the type or one of the settings is not known, or one is missing
     */
    static LearningRateSchedule named(String type, Map<String, ?> kwargs) {
        return NamedSchedules.of(type, kwargs);
    }

    /**
     * Falls in a straight line to 0; Hugging Face's default.
     *
     * @return the schedule {@code linear}
     */
    static LearningRateSchedule linear() {
        return new LinearSchedule();
    }

    /**
     * Stays at 1 from the first step on: as in Hugging Face, it has no warm-up, whatever the run's is.
     *
     * @return the schedule {@code constant}
     */
    static LearningRateSchedule constant() {
        return new ConstantSchedule();
    }

    /**
     * Stays at 1 after the warm-up.
     *
     * @return the schedule {@code constant_with_warmup}
     */
    static LearningRateSchedule constantWithWarmup() {
        return new ConstantWithWarmupSchedule();
    }

    /**
     * Falls along half a wave of the cosine to 0.
     *
     * @return the schedule {@code cosine}
     */
    static LearningRateSchedule cosine() {
        return cosine(CosineSchedule.HALF_A_WAVE);
    }

    /**
     * Follows a cosine between 1 and 0.
     *
     * @param numCycles how many waves, above 0; 0.5 falls once, 1 falls and rises again
     * @return the schedule {@code cosine}
     * @throws IllegalArgumentException if {@code numCycles} is not a number above 0
     */
    static LearningRateSchedule cosine(double numCycles) {
        return new CosineSchedule(numCycles);
    }

    /**
     * Falls along half a wave of the cosine to 0, again and again from 1.
     *
     * @param numCycles how many times it falls, 1 or more
     * @return the schedule {@code cosine_with_restarts}
     * @throws IllegalArgumentException if {@code numCycles} is below 1
     */
    static LearningRateSchedule cosineWithRestarts(int numCycles) {
        return new CosineWithRestartsSchedule(numCycles);
    }

    /**
     * Falls along half a wave of the cosine to a share of the learning rate.
     *
     * @param minLrRate where it ends, 0 to 1
     * @return the schedule {@code cosine_with_min_lr}
     * @throws IllegalArgumentException if {@code minLrRate} is outside that range
     */
    static LearningRateSchedule cosineWithMinLr(double minLrRate) {
        return new CosineWithMinLrSchedule(minLrRate, CosineSchedule.HALF_A_WAVE);
    }

    /**
     * Falls along a power of the remaining share of the run. Needs {@link Progress#baseLearningRate}.
     *
     * @param power above 0; 1 is a straight line, Hugging Face's default
     * @param lrEnd the learning rate it ends at, not a factor, below that of the run; Hugging Face's default is 1e-7
     * @return the schedule {@code polynomial}
     * @throws IllegalArgumentException if {@code power} is not a number above 0, or {@code lrEnd} not one from 0
     */
    static LearningRateSchedule polynomial(double power, double lrEnd) {
        return new PolynomialSchedule(power, lrEnd);
    }

    /**
     * Falls as one over the square root of the step; the longer the warm-up, the slower, and without one as after
     * 10,000 steps.
     *
     * @return the schedule {@code inverse_sqrt}
     */
    static LearningRateSchedule inverseSqrt() {
        return new InverseSqrtSchedule(InverseSqrtSchedule.AS_WARMUP);
    }

    /**
     * Stays at 1, then falls along half a wave of the cosine to 0 (Hu and others, 2024, WSD).
     *
     * @param decaySteps how many of the last steps it falls, 0 or more
     * @return the schedule {@code warmup_stable_decay}
     * @throws IllegalArgumentException if {@code decaySteps} is below 0
     */
    static LearningRateSchedule warmupStableDecay(long decaySteps) {
        return warmupStableDecay(decaySteps, 0);
    }

    /**
     * Stays at 1, then falls along half a wave of the cosine to a share of the learning rate. The warm-up begins at
     * that share too.
     *
     * @param decaySteps how many of the last steps it falls, 0 or more
     * @param minLrRatio where it begins and ends, 0 to 1
     * @return the schedule {@code warmup_stable_decay}
     * @throws IllegalArgumentException if one of them is outside its range
     */
    static LearningRateSchedule warmupStableDecay(long decaySteps, double minLrRatio) {
        return new WarmupStableDecaySchedule(decaySteps, minLrRatio, CosineSchedule.HALF_A_WAVE);
    }

    /**
     * Falls to a tenth whenever a metric is no better for more than ten evaluations, as PyTorch's
     * {@code ReduceLROnPlateau} does; the methods of the schedule change both numbers. A trainer shows it the metric for
     * the best model and needs an {@code evalStrategy}; a loop of one's own hands it {@link Progress#evaluations}. Needs
     * {@link Progress#baseLearningRate}.
     *
     * @return the schedule {@code reduce_lr_on_plateau}
     */
    static ReduceLrOnPlateau reduceLrOnPlateau() {
        return ReduceLrOnPlateau.DEFAULTS;
    }
}
