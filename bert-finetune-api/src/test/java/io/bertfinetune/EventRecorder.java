package io.bertfinetune;

import io.bertfinetune.metric.Metrics;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down every event it is told of. */
final class EventRecorder implements TrainerCallback {
    /** An event, and where the run stood. */
    record Event(String name, long globalStep, double epoch) {}

    final List<Event> events = new ArrayList<>();

    List<String> names() {
        return events.stream().map(Event::name).toList();
    }

    @Override
    public void onInitEnd(TrainerState state, TrainerControl control) {
        add("init_end", state);
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        add("train_begin", state);
    }

    @Override
    public void onTrainEnd(TrainerState state, TrainerControl control) {
        add("train_end", state);
    }

    @Override
    public void onEpochBegin(TrainerState state, TrainerControl control) {
        add("epoch_begin", state);
    }

    @Override
    public void onEpochEnd(TrainerState state, TrainerControl control) {
        add("epoch_end", state);
    }

    @Override
    public void onStepBegin(TrainerState state, TrainerControl control) {
        add("step_begin", state);
    }

    @Override
    public void onSubstepEnd(TrainerState state, TrainerControl control) {
        add("substep_end", state);
    }

    @Override
    public void onPreOptimizerStep(TrainerState state, TrainerControl control) {
        add("pre_optimizer_step", state);
    }

    @Override
    public void onOptimizerStep(TrainerState state, TrainerControl control) {
        add("optimizer_step", state);
    }

    @Override
    public void onStepEnd(TrainerState state, TrainerControl control) {
        add("step_end", state);
    }

    @Override
    public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
        add("evaluate", state);
    }

    @Override
    public void onSave(TrainerState state, TrainerControl control, Path checkpoint) {
        add("save", state);
    }

    @Override
    public void onPredict(TrainerState state, TrainerControl control, Metrics metrics) {
        add("predict", state);
    }

    @Override
    public void onPredictionStep(TrainerState state, TrainerControl control) {
        add("prediction_step", state);
    }

    @Override
    public void onLog(TrainerState state, TrainerControl control, Metrics logs) {
        add("log", state);
    }

    private void add(String name, TrainerState state) {
        events.add(new Event(name, state.globalStep(), state.epoch()));
    }
}
