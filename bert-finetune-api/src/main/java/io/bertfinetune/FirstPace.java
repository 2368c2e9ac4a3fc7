package io.bertfinetune;

import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells once, after the first few steps of a long run, how long its steps will take. The first step is slow and not counted. */
final class FirstPace implements TrainerCallback {
    private static final int STEPS = 10;

    private final Consumer<String> line;
    private final LongSupplier nanos;

    private long stepsBefore;
    private long stepBegin;
    private long spent;

    FirstPace(Consumer<String> line, LongSupplier nanos) {
        this.line = line;
        this.nanos = nanos;
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        stepsBefore = state.globalStep();
        spent = 0;
    }

    @Override
    public void onStepBegin(TrainerState state, TrainerControl control) {
        stepBegin = nanos.getAsLong();
    }

    @Override
    public void onStepEnd(TrainerState state, TrainerControl control) {
        long steps = state.globalStep() - stepsBefore;
        if (steps > 1 && steps <= 1 + STEPS) {
            spent += nanos.getAsLong() - stepBegin; // what comes between two steps may be an evaluation
        }
        if (steps == 1 + STEPS) {
            double seconds = spent / 1e9 / STEPS;
            long left = state.maxSteps() - state.globalStep();
            line.accept(String.format(
                    Locale.ROOT,
                    "%.2g s a step over the first %d: about %s for the %d steps left, without evaluations",
                    seconds,
                    STEPS,
                    text(Duration.ofSeconds(Math.round(seconds * left))),
                    left));
        }
    }

    private static String text(Duration time) {
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }
}
