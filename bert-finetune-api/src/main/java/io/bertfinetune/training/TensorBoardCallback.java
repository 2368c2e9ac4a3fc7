package io.bertfinetune.training;

import io.bertfinetune.metric.Metrics;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes what a run logs to event files that TensorBoard reads; Hugging Face's {@code TensorBoardCallback}, with its tags.
 *
 * <pre>{@code
 * trainer.callbacks(TensorBoardCallback.to(Path.of("runs/lr-2e-5")).text("args", args.toJson()));
 * }</pre>
 *
 * <p>{@code tensorboard --logdir runs} then shows {@code train/loss}, {@code train/learning_rate}, {@code train/grad_norm},
 * {@code eval/loss}, {@code eval/accuracy} … over the optimizer steps: {@code eval_} in front of a name
 * becomes a group, and every other number belongs to {@code train/}. Numbers are kept as 32-bit floats, as TensorBoard
 * keeps them.
 *
 * <p>Every call of {@code train} begins a new file, {@code events.out.tfevents.<seconds>.<host>.<process>.<count>}; what is
 * logged after it goes to the same file. TensorBoard takes all files of a folder for one run, so give each run a folder of
 * its own. A file is open only while something is written, and what was logged is in it even if an exception ends the run.
 * A file that cannot be written ends the run as a {@link java.io.UncheckedIOException}.
 */
public final class TensorBoardCallback implements TrainerCallback {
    private final Path logDir;
    private final Map<String, String> texts;
    private final InstantSource clock;

    private Optional<GrowingFile> file = Optional.empty();

    TensorBoardCallback(Path logDir, Map<String, String> texts, InstantSource clock) {
        this.logDir = Objects.requireNonNull(logDir, "logDir");
        this.texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
        this.clock = clock;
    }

    /**
     * Writes event files to this folder.
     *
     * @param logDir the folder of the run; created if it is not there
     * @return the callback
     */
    public static TensorBoardCallback to(Path logDir) {
        return new TensorBoardCallback(logDir, Map.of(), InstantSource.system());
    }

    /**
     * The same, with a text at the beginning of each file: the arguments of the run for instance, which Hugging Face
     * writes as {@code args}. The name of a run is written as {@code run_name} by itself.
     *
     * @param tag what TensorBoard lists it under
     * @param text the text, which TensorBoard shows as Markdown
     * @return a new callback
     */
    public TensorBoardCallback text(String tag, String text) {
        Map<String, String> more = new LinkedHashMap<>(texts);
        more.put(tag, Objects.requireNonNull(text, "text"));
        return new TensorBoardCallback(logDir, more, clock);
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        file = Optional.of(newFile(state));
    }

    @Override
    public void onLog(TrainerState state, TrainerControl control, Metrics logs) {
        if (file.isEmpty()) {
            file = Optional.of(newFile(state)); // an evaluation before any training
        }
        Map<String, Double> tagged = new LinkedHashMap<>();
        logs.values().forEach((name, number) -> {
            if (!name.equals("step")) { // where the numbers stand, none of them
                tagged.put(tag(name), number);
            }
        });
        file.get().append(TensorBoardEvents.scalars(clock.instant(), state.globalStep(), tagged));
    }

    private GrowingFile newFile(TrainerState state) {
        Instant now = clock.instant();
        String name = "events.out.tfevents." + now.getEpochSecond() + "." + host() + "."
                + ProcessHandle.current().pid() + ".";
        GrowingFile created = GrowingFile.create(logDir, count -> name + count, TensorBoardEvents.version(now));
        state.runName().ifPresent(run -> created.append(TensorBoardEvents.text(now, "run_name", run)));
        texts.forEach((tag, text) -> created.append(TensorBoardEvents.text(now, tag, text)));
        return created;
    }

    /** {@code eval_accuracy} becomes {@code eval/accuracy}, {@code loss} becomes {@code train/loss}. */
    private static String tag(String name) {
        return name.startsWith("eval_") ? "eval/" + name.substring("eval_".length()) : "train/" + name;
    }

    /** What the environment calls this machine; no name service is asked, which could take its time. */
    private static String host() {
        return Optional.ofNullable(System.getenv("HOSTNAME"))
                .or(() -> Optional.ofNullable(System.getenv("COMPUTERNAME")))
                .filter(name -> !name.isBlank())
                .orElse("localhost")
                .replaceAll("[^A-Za-z0-9.-]", "_");
    }
}
