package io.bertfinetune.training;

import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how a run gets on, a line whenever it logs or evaluates; takes the place of Hugging Face's
 * {@code ProgressCallback} and {@code PrinterCallback}.
 *
 * <pre>
 * training 723 steps, 3 epochs, batches of 32
 * step 37/723, epoch 0.15, loss 0.6134, lr 1.90e-05, grad norm 2.31, 214 examples/s, 1:47 left
 * step 241/723, epoch 1.00, eval_loss 0.4518, eval_accuracy 0.8072
 * trained 723 steps in 3:36, train_loss 0.3127
 * </pre>
 *
 * <p>On a terminal, {@link #bar} draws a bar in place of the lines of training, and {@link #auto} chooses.
 */
public final class ProgressCallback implements TrainerCallback {
    private static final Set<String> NOT_SHOWN = Set.of("epoch", "step");

    private final Consumer<String> line;
    private final LongSupplier nanos;

    private long begin;
    private long stepsBefore;
    private long shown;
    private long examplesShown;

    ProgressCallback(Consumer<String> line, LongSupplier nanos) {
        this.line = line;
        this.nanos = nanos;
    }

    /**
     * Appends lines to this, {@link System#out} for instance.
     *
     * @param out where lines go; an {@link IOException} of it ends the run as an {@link UncheckedIOException}
     * @return the callback
     */
    public static ProgressCallback lines(Appendable out) {
        return new ProgressCallback(text -> append(out, text), System::nanoTime);
    }

    /**
     * Sends lines at level {@code INFO} to the SLF4J logger {@code io.bertfinetune.Trainer}. Every trainer does so by itself.
     *
     * @return the callback
     */
    public static ProgressCallback logged() {
        Logger log = LoggerFactory.getLogger("io.bertfinetune.Trainer");
        return new ProgressCallback(log::info, System::nanoTime);
    }

    /**
     * Draws a bar for a terminal, over and over in the same line, at most ten times a second. What stays is told in lines
     * above it: the beginning, every evaluation, every checkpoint and the end.
     *
     * <pre>
     * training 723 steps, 3 epochs, batches of 32
     * step 241/723, epoch 1.00, eval_loss 0.4518, eval_accuracy 0.8072
     *  37% [====>       ] 271/723, epoch 1.12, loss 0.3904, 214 examples/s, 1:47 left
     * </pre>
     *
     * <p>The bar needs 79 columns and plain ASCII. It shows the loss logged last, and the pace of the whole run, evaluations
     * included; it is gone when the run is over.
     *
     * @param out the terminal, {@link System#out} for instance; flushed after each drawing if it can be. An
     *     {@link IOException} of it ends the run as an {@link UncheckedIOException}
     * @return the callback
     */
    public static TrainerCallback bar(Appendable out) {
        return new ProgressBar(out, System::nanoTime);
    }

    /**
     * Draws a {@link #bar} where somebody watches and appends {@link #lines} everywhere else: in a file, a pipe, the log of
     * a container. Hugging Face's {@code disable_tqdm} is {@link #silent}.
     *
     * @param out where to; the bar is drawn if this is {@link System#out} or {@link System#err}, the program has a
     *     {@linkplain System#console console}, and the environment does not say {@code TERM=dumb}
     * @return the callback
     */
    public static TrainerCallback auto(PrintStream out) {
        boolean isStandard = out == System.out || out == System.err;
        return auto(out, isStandard && Terminal.isThere());
    }

    static TrainerCallback auto(PrintStream out, boolean isTerminal) {
        return isTerminal ? bar(out) : lines(out);
    }

    /**
     * Tells nothing, for a program that decides with a switch whether to.
     *
     * @return the callback
     */
    public static TrainerCallback silent() {
        return new TrainerCallback() {};
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        begin = nanos.getAsLong();
        stepsBefore = state.globalStep();
        shown = begin;
        examplesShown = state.examplesSeen();
        String epochs = state.numTrainEpochs() == Integer.MAX_VALUE ? "" : ", " + state.numTrainEpochs() + " epochs";
        line.accept("training " + state.runName().map(name -> name + ", ").orElse("") + state.maxSteps() + " steps"
                + epochs + ", batches of " + state.trainBatchSize()
                + (stepsBefore == 0 ? "" : ", from step " + stepsBefore));
    }

    @Override
    public void onLog(TrainerState state, TrainerControl control, Metrics logs) {
        if (logs.has("loss")) {
            line.accept(position(state) + numbers(logs) + speed(state));
        } else if (logs.has("train_loss")) {
            line.accept(String.format(
                    Locale.ROOT,
                    "trained %d steps in %s, train_loss %.4f",
                    state.globalStep() - stepsBefore,
                    time(nanos.getAsLong() - begin),
                    logs.get("train_loss")));
        }
    }

    @Override
    public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
        line.accept(position(state) + ", " + named(metrics));
    }

    @Override
    public void onSave(TrainerState state, TrainerControl control, Path checkpoint) {
        line.accept(position(state) + ", saved " + checkpoint);
    }

    @Override
    public void onPredict(TrainerState state, TrainerControl control, Metrics metrics) {
        line.accept("predicted, " + named(metrics));
    }

    private static String position(TrainerState state) {
        return state.maxSteps() == 0
                ? "evaluated"
                : String.format(
                        Locale.ROOT, "step %d/%d, epoch %.2f", state.globalStep(), state.maxSteps(), state.epoch());
    }

    private static String numbers(Metrics logs) {
        String text = String.format(Locale.ROOT, ", loss %.4f", logs.get("loss"));
        if (logs.has("learning_rate")) {
            text += String.format(Locale.ROOT, ", lr %.2e", logs.get("learning_rate"));
        }
        if (logs.has("grad_norm")) {
            text += String.format(Locale.ROOT, ", grad norm %.2f", logs.get("grad_norm"));
        }
        return text;
    }

    private String speed(TrainerState state) {
        long now = nanos.getAsLong();
        double examplesPerSecond = (state.examplesSeen() - examplesShown) / (Math.max(1, now - shown) / 1e9);
        double nanosPerStep = (now - begin) / (double) Math.max(1, state.globalStep() - stepsBefore);
        shown = now;
        examplesShown = state.examplesSeen();
        return String.format(Locale.ROOT, ", %.0f examples/s, %s left", examplesPerSecond, time((long)
                (nanosPerStep * (state.maxSteps() - state.globalStep()))));
    }

    /** {@code eval_loss 0.4518, eval_accuracy 0.8072}; how long it took is left out. */
    private static String named(Metrics metrics) {
        return metrics.values().entrySet().stream()
                .filter(number -> !NOT_SHOWN.contains(number.getKey()) && !isSpeed(number.getKey()))
                .map(ProgressCallback::named)
                .collect(Collectors.joining(", "));
    }

    private static String named(Map.Entry<String, Double> number) {
        return String.format(Locale.ROOT, "%s %.4f", number.getKey(), number.getValue());
    }

    private static boolean isSpeed(String name) {
        return name.endsWith("_runtime") || name.endsWith("_per_second");
    }

    /** {@code 1:47}, or {@code 2:01:47} from an hour on. */
    static String time(long nanos) {
        long seconds = Math.round(nanos / 1e9);
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static void append(Appendable out, String text) {
        try {
            out.append(text).append(System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
