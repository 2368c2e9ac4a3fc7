package io.bertfinetune.experiment;

import io.bertfinetune.metric.Metrics;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What became of a trial.
 *
 * @param trial the trial; under {@link Halving} in the last round it was in
 * @param objective the number the search goes by; empty if the trial failed
 * @param metrics everything it returned; nothing if it failed
 * @param failure why it failed, if it did: the kind of the exception and its message
 */
public record TrialResult(Trial trial, OptionalDouble objective, Metrics metrics, Optional<String> failure) {
    /**
     * Checks that nothing is null.
     *
     * @param trial the trial
     * @param objective the number the search goes by
     * @param metrics everything it returned
     * @param failure why it failed
     */
    public TrialResult {
        Objects.requireNonNull(trial, "trial");
        Objects.requireNonNull(objective, "objective");
        Objects.requireNonNull(metrics, "metrics");
        Objects.requireNonNull(failure, "failure");
    }
}
