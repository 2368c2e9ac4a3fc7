package io.bertfinetune.training;

import io.bertfinetune.metric.Metrics;
import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/** The bar of {@link ProgressCallback#bar}: one line that is drawn over, below lines that stay. */
final class ProgressBar implements TrainerCallback {
    private static final int COLUMNS = 79; // of 80: the last would begin a new line on some terminals
    private static final int WIDTH_AT_LEAST = 4;
    private static final int WIDTH_AT_MOST = 20;
    private static final long NANOS_BETWEEN_DRAWINGS = 100_000_000; // tqdm's mininterval

    private final Appendable out;
    private final LongSupplier nanos;
    private final ProgressCallback lines;

    private boolean training;
    private long begin;
    private long stepsBefore;
    private long examplesBefore;
    private OptionalDouble loss = OptionalDouble.empty();
    private long evaluatedBatches;

    private long drawnAt;
    private int drawnColumns;

    ProgressBar(Appendable out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
        this.lines = new ProgressCallback(this::line, nanos);
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        begin = nanos.getAsLong();
        stepsBefore = state.globalStep();
        examplesBefore = state.examplesSeen();
        loss = OptionalDouble.empty();
        lines.onTrainBegin(state, control);
        training = true;
        draw(state);
    }

    @Override
    public void onStepEnd(TrainerState state, TrainerControl control) {
        if (state.globalStep() == state.maxSteps() || isDue()) {
            draw(state);
        }
    }

    @Override
    public void onPredictionStep(TrainerState state, TrainerControl control) {
        evaluatedBatches++;
        if (isDue()) {
            draw(state);
        }
    }

    @Override
    public void onLog(TrainerState state, TrainerControl control, Metrics logs) {
        if (logs.has("loss")) {
            loss = OptionalDouble.of(logs.get("loss"));
            draw(state);
        } else if (logs.has("train_loss")) {
            training = false;
            lines.onLog(state, control, logs);
        }
    }

    @Override
    public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
        evaluatedBatches = 0;
        lines.onEvaluate(state, control, metrics);
        if (training) {
            draw(state);
        }
    }

    @Override
    public void onSave(TrainerState state, TrainerControl control, Path checkpoint) {
        lines.onSave(state, control, checkpoint);
        if (training) {
            draw(state);
        }
    }

    @Override
    public void onPredict(TrainerState state, TrainerControl control, Metrics metrics) {
        evaluatedBatches = 0;
        lines.onPredict(state, control, metrics);
        if (training) {
            draw(state);
        }
    }

    private boolean isDue() {
        return nanos.getAsLong() - drawnAt >= NANOS_BETWEEN_DRAWINGS;
    }

    private void draw(TrainerState state) {
        String text = training ? bar(state) : evaluating();
        String columns = text.substring(0, Math.min(COLUMNS, text.length()));
        append("\r" + columns + " ".repeat(Math.max(0, drawnColumns - columns.length())));
        drawnColumns = columns.length();
        drawnAt = nanos.getAsLong();
    }

    /** A line that stays, where the bar was. */
    private void line(String text) {
        String cleared = drawnColumns == 0 ? "" : "\r" + " ".repeat(drawnColumns) + "\r";
        drawnColumns = 0;
        append(cleared + text + System.lineSeparator());
    }

    /** {@code  37% [====>       ] 271/723, epoch 1.12, loss 0.3904, 214 examples/s, 1:47 left}. */
    private String bar(TrainerState state) {
        long all = Math.max(1, state.maxSteps());
        long done = Math.min(state.globalStep(), all);
        String percent = String.format(Locale.ROOT, "%3d%% ", 100 * done / all);
        String numbers = state.globalStep() + "/" + state.maxSteps() + ", " + numbers(state);
        int width = COLUMNS - percent.length() - "[] ".length() - numbers.length();
        return percent + (width < WIDTH_AT_LEAST ? "" : bar(done, all, Math.min(WIDTH_AT_MOST, width))) + numbers;
    }

    private static String bar(long done, long all, int width) {
        int filled = (int) (width * done / all);
        String head = filled < width ? ">" : "";
        return "[" + "=".repeat(filled) + head + " ".repeat(width - filled - head.length()) + "] ";
    }

    private String numbers(TrainerState state) {
        String text = String.format(Locale.ROOT, "epoch %.2f", state.epoch());
        if (loss.isPresent()) {
            text += String.format(Locale.ROOT, ", loss %.4f", loss.getAsDouble());
        }
        long steps = state.globalStep() - stepsBefore;
        if (evaluatedBatches > 0) {
            text += ", " + evaluating();
        } else if (steps > 0) {
            double passed = Math.max(1, nanos.getAsLong() - begin);
            text += String.format(
                    Locale.ROOT,
                    ", %.0f examples/s, %s left",
                    (state.examplesSeen() - examplesBefore) / (passed / 1e9),
                    ProgressCallback.time((long) (passed / steps * (state.maxSteps() - state.globalStep()))));
        }
        return text;
    }

    private String evaluating() {
        return "evaluating, " + evaluatedBatches + (evaluatedBatches == 1 ? " batch" : " batches");
    }

    private void append(String text) {
        try {
            out.append(text);
            if (out instanceof Flushable flushable) {
                flushable.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
