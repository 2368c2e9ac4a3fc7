package io.bertfinetune;

import io.bertfinetune.metric.Metrics;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Tells the callbacks of each event, in order, with the state of the run, and keeps what they ask for until it is done;
 * Hugging Face's {@code CallbackHandler}.
 */
final class Events {
    private final List<TrainerCallback> callbacks;
    private final Requests requests = new Requests();
    private TrainerState state;

    Events(List<TrainerCallback> callbacks, TrainerState state) {
        this.callbacks = List.copyOf(callbacks);
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

    void predictionStep() {
        tell(callback -> callback.onPredictionStep(state, requests));
    }

    void evaluate(Metrics metrics) {
        requests.evaluate = false;
        tell(callback -> callback.onEvaluate(state, requests, metrics));
    }

    void predict(Metrics metrics) {
        tell(callback -> callback.onPredict(state, requests, metrics));
    }

    /** Adds these numbers to the log, with epoch and step. */
    void log(Metrics numbers) {
        requests.log = false;
        Metrics entry = numbers.with("epoch", state.epoch()).with("step", (double) state.globalStep());
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
    }
}
