package io.bertfinetune;

import io.bertfinetune.checkpoint.RunState;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the callbacks of each event, in order, with the state of the run, and keeps what they ask for until it is done;
 * Hugging Face's {@code CallbackHandler}.
 */
final class Events {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);

    private final List<TrainerCallback> callbacks;
    private final Requests requests = new Requests();
    private final boolean countsTokens;
    private TrainerState state;

    /**
     * Tells these callbacks.
     *
     * @param countsTokens whether every log says how many tokens were seen
     */
    Events(List<TrainerCallback> callbacks, TrainerState state, boolean countsTokens) {
        this.callbacks = List.copyOf(callbacks);
        this.countsTokens = countsTokens;
        this.state = state;
    }

    TrainerState state() {
        return state;
    }

    void change(UnaryOperator<TrainerState.Builder> change) {
        state = change.apply(state.toBuilder()).build();
    }

    boolean stopTrainingIsAsked() {
        return requests.stopTraining;
    }

    boolean stopEpochIsAsked() {
        return requests.stopEpoch;
    }

    boolean logIsAsked() {
        return requests.log;
    }

    boolean evaluateIsAsked() {
        return requests.evaluate;
    }

    boolean saveIsAsked() {
        return requests.save;
    }

    void askSave() {
        requests.save = true;
    }

    RunState.Asked asked() {
        return new RunState.Asked(requests.stopTraining, requests.stopEpoch, requests.log, requests.evaluate);
    }

    List<RunState.CallbackState> callbackStates() {
        List<RunState.CallbackState> states = new ArrayList<>();
        for (TrainerCallback callback : callbacks) {
            Map<String, String> state = callback.saveState();
            if (!state.isEmpty()) {
                states.add(new RunState.CallbackState(callback.getClass().getName(), state));
            }
        }
        return states;
    }

    /** Gives callbacks back what they kept, and asks again for what was asked for. */
    void restore(RunState.Asked asked, List<RunState.CallbackState> states) {
        requests.stopTraining = asked.stopTraining();
        requests.stopEpoch = asked.stopEpoch();
        requests.log = asked.log();
        requests.evaluate = asked.evaluate();
        List<RunState.CallbackState> left = new ArrayList<>(states);
        for (TrainerCallback callback : callbacks) {
            String type = callback.getClass().getName();
            left.stream().filter(state -> state.type().equals(type)).findFirst().ifPresent(state -> {
                left.remove(state);
                callback.restoreState(state.values());
            });
        }
        left.forEach(state ->
                log.warn("the checkpoint has a state of a {}, of which this trainer has none or fewer", state.type()));
    }

    void initEnd() {
        tell(callback -> callback.onInitEnd(state, requests));
    }

    void trainBegin() {
        requests.stopTraining = false;
        tell(callback -> callback.onTrainBegin(state, requests));
    }

    void trainEnd() {
        tell(callback -> callback.onTrainEnd(state, requests));
    }

    void epochBegin() {
        requests.stopEpoch = false;
        tell(callback -> callback.onEpochBegin(state, requests));
    }

    void epochEnd() {
        tell(callback -> callback.onEpochEnd(state, requests));
    }

    void stepBegin() {
        requests.log = false;
        requests.evaluate = false;
        requests.save = false;
        tell(callback -> callback.onStepBegin(state, requests));
    }

    void substepEnd() {
        tell(callback -> callback.onSubstepEnd(state, requests));
    }

    void preOptimizerStep() {
        tell(callback -> callback.onPreOptimizerStep(state, requests));
    }

    void optimizerStep() {
        tell(callback -> callback.onOptimizerStep(state, requests));
    }

    void stepEnd() {
        tell(callback -> callback.onStepEnd(state, requests));
    }

    void outcome(long index, Outcome<?, ?> outcome) {
        tell(callback -> callback.onOutcome(state, requests, index, outcome));
    }

    void predictionStep() {
        tell(callback -> callback.onPredictionStep(state, requests));
    }

    void evaluate(Metrics metrics) {
        requests.evaluate = false;
        tell(callback -> callback.onEvaluate(state, requests, metrics));
    }

    void save(Path checkpoint) {
        requests.save = false;
        tell(callback -> callback.onSave(state, requests, checkpoint));
    }

    void predict(Metrics metrics) {
        tell(callback -> callback.onPredict(state, requests, metrics));
    }

    /** Adds these numbers, without details, to the log, with epoch and step. */
    void log(Metrics numbers) {
        requests.log = false;
        Metrics plain = Metrics.of(numbers.values());
        Metrics counted =
                countsTokens ? plain.with("num_input_tokens_seen", (double) state.numInputTokensSeen()) : plain;
        Metrics entry = counted.with("epoch", state.epoch()).with("step", (double) state.globalStep());
        change(next -> next.log(entry));
        tell(callback -> callback.onLog(state, requests, entry));
    }

    private void tell(Consumer<TrainerCallback> event) {
        callbacks.forEach(event);
    }

    /** What is asked for and not yet done. */
    private static final class Requests implements TrainerControl {
        private boolean stopTraining;
        private boolean stopEpoch;
        private boolean log;
        private boolean evaluate;
        private boolean save;

        @Override
        public void stopTraining() {
            stopTraining = true;
        }

        @Override
        public void stopEpoch() {
            stopEpoch = true;
        }

        @Override
        public void log() {
            log = true;
        }

        @Override
        public void evaluate() {
            evaluate = true;
        }

        @Override
        public void save() {
            save = true;
        }
    }
}
