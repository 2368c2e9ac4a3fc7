package io.bertfinetune.page;

import io.bertfinetune.training.TrainerState;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Where a run stands at a moment.
 *
 * @param phase what it is doing
 * @param state how far it is
 * @param evaluatedBatches how many batches of an evaluation are done; 0 outside one
 * @param seconds how long it has been training
 * @param secondsLeft how long it will, at the pace so far
 * @param samplesPerSecond the pace so far, evaluations included
 * @param tokensPerSecond the same in tokens, if the run counts them
 * @param summary the numbers of the whole run, once it is over
 */
record Status(
        Phase phase,
        TrainerState state,
        long evaluatedBatches,
        double seconds,
        OptionalDouble secondsLeft,
        OptionalDouble samplesPerSecond,
        OptionalDouble tokensPerSecond,
        Map<String, Double> summary) {

    /** What a run is doing. */
    enum Phase {
        WAITING("not begun"),
        TRAINING("training"),
        EVALUATING("evaluating"),
        FINISHED("finished"),
        BROKEN_OFF("broken off");

        private final String words;

        Phase(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }
}
