package io.bertfinetune.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bertfinetune.error.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a run must know to go on, apart from {@code trainer_state.json}: the file {@code bert_finetune_state.json}.
 *
 * @param run a name no other run has; the same after a resume
 * @param sequence how many checkpoints came before in the folder; the newest has the highest
 * @param settings what must be the same for a run to go on, by name
 * @param position where in the data the run stands
 * @param losses the sums behind the losses still to be logged
 * @param evaluations what each evaluation found of the metric for the best model, oldest first
 * @param pieces how many examples fit into memory
 * @param examplesSeen how many examples were trained on
 * @param runtimeNanos how long the run took so far, in nanoseconds
 * @param asked what callbacks asked for and was not done yet
 * @param callbacks what callbacks keep
 */
public record RunState(
        String run,
        long sequence,
        Map<String, String> settings,
        Position position,
        Losses losses,
        List<Double> evaluations,
        Pieces pieces,
        long examplesSeen,
        long runtimeNanos,
        Asked asked,
        List<CallbackState> callbacks) {
    /** The file's name. */
    public static final String FILE = "bert_finetune_state.json";

    private static final long FORMAT_VERSION = 2;

    /**
     * Copies settings, evaluations and callbacks.
     *
     * @param run the run
     * @param sequence the number among the checkpoints
     * @param settings the settings
     * @param position the position
     * @param losses the sums
     * @param evaluations the evaluations
     * @param pieces the examples that fit
     * @param examplesSeen the examples
     * @param runtimeNanos the time
     * @param asked the requests
     * @param callbacks the callbacks
     */
    public RunState {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        evaluations = List.copyOf(evaluations);
        callbacks = List.copyOf(callbacks);
    }

    /**
     * Where in the data a run stands.
     *
     * @param epochsBegun how many epochs have begun
     * @param inEpoch whether the last of them is still open
     * @param batchesTaken how many micro-batches of it were trained on
     * @param batchesPerEpoch by how many the run counts its epochs
     */
    public record Position(int epochsBegun, boolean inEpoch, int batchesTaken, double batchesPerEpoch) {}

    /**
     * The sums behind the losses still to be logged, and the last numbers of the optimizer.
     *
     * @param sumSinceLog the summed loss since the last log
     * @param itemsSinceLog over how many items
     * @param sum the summed loss of the run
     * @param items over how many items
     * @param gradNorm the last gradient norm, if there was a step
     * @param learningRate the last learning rate, if there was a step
     * @param loggedStep the step of the last log, 0 before it
     */
    public record Losses(
            double sumSinceLog,
            double itemsSinceLog,
            double sum,
            double items,
            OptionalDouble gradNorm,
            OptionalDouble learningRate,
            long loggedStep) {}

    /**
     * How many examples fit into memory at a time, as far as that was found out.
     *
     * @param train in training; 0 for whole batches
     * @param eval in evaluation; 0 for whole batches
     */
    public record Pieces(int train, int eval) {}

    /**
     * What callbacks asked for and was not done yet.
     *
     * @param stopTraining the end of the run
     * @param stopEpoch the end of the epoch
     * @param log a log
     * @param evaluate an evaluation
     */
    public record Asked(boolean stopTraining, boolean stopEpoch, boolean log, boolean evaluate) {
        /** As in a run that has not begun. */
        public static final Asked NOTHING = new Asked(false, false, false, false);
    }

    /**
     * What one callback keeps.
     *
     * @param type the name of its class
     * @param values its values by name
     */
    public record CallbackState(String type, Map<String, String> values) {
        /**
         * Copies the values.
         *
         * @param type the class
         * @param values the values
         */
        public CallbackState {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /**
     * This state elsewhere in the data. What callbacks asked for is forgotten: to go on was asked for since.
     *
     * @param other the position
     * @return the state of a run that goes on from there
     */
    public RunState goingOnAt(Position other) {
        return new RunState(
                run,
                sequence,
                settings,
                other,
                losses,
                evaluations,
                pieces,
                examplesSeen,
                runtimeNanos,
                Asked.NOTHING,
                callbacks);
    }

    /**
     * Reads it from a checkpoint.
     *
     * @param checkpoint the folder
     * @return the state
     * @throws CheckpointException if the file is not there, is of another version or does not fit
     */
    public static RunState read(Path checkpoint) {
        Path file = checkpoint.resolve(FILE);
        Json json = Json.read(file);
        long version = json.count("format_version");
        if (version != FORMAT_VERSION) {
            throw new CheckpointException(file + ": format_version is " + version + ", expected " + FORMAT_VERSION
                    + "; it was written by another version of this library");
        }
        Json losses = json.inside(json.element("losses"));
        Json position = json.inside(json.element("position"));
        Json asked = json.inside(json.element("asked"));
        Json pieces = json.inside(json.element("pieces"));
        List<CallbackState> callbacks = new ArrayList<>();
        for (JsonElement element : json.element("callbacks").getAsJsonArray()) {
            Json callback = json.inside(element);
            callbacks.add(new CallbackState(callback.text("type"), callback.texts("values")));
        }
        return new RunState(
                json.text("run"),
                json.count("sequence"),
                json.texts("settings"),
                new Position(
                        position.smallCount("epochs_begun"),
                        position.flag("in_epoch"),
                        position.smallCount("batches_taken"),
                        position.number("batches_per_epoch")),
                new Losses(
                        losses.number("sum_since_log"),
                        losses.number("items_since_log"),
                        losses.number("sum"),
                        losses.number("items"),
                        losses.optionalNumber("grad_norm"),
                        losses.optionalNumber("learning_rate"),
                        losses.count("logged_step")),
                json.numbers("evaluations"),
                new Pieces(pieces.smallCount("train"), pieces.smallCount("eval")),
                json.count("examples_seen"),
                json.count("runtime_nanos"),
                new Asked(
                        asked.flag("stop_training"),
                        asked.flag("stop_epoch"),
                        asked.flag("log"),
                        asked.flag("evaluate")),
                callbacks);
    }

    /**
     * Whether a folder has such a file.
     *
     * @param checkpoint the folder
     * @return false for a folder of Hugging Face's
     */
    public static boolean isIn(Path checkpoint) {
        return Files.exists(checkpoint.resolve(FILE));
    }

    /**
     * The file's content. Numbers are written so that reading gives exactly the same.
     *
     * @return JSON
     */
    public byte[] toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("format_version", FORMAT_VERSION);
        json.addProperty("run", run);
        json.addProperty("sequence", sequence);
        json.add("settings", Json.of(settings));
        JsonObject place = new JsonObject();
        place.addProperty("epochs_begun", position.epochsBegun);
        place.addProperty("in_epoch", position.inEpoch);
        place.addProperty("batches_taken", position.batchesTaken);
        place.addProperty("batches_per_epoch", position.batchesPerEpoch);
        json.add("position", place);
        JsonObject sums = new JsonObject();
        sums.addProperty("sum_since_log", losses.sumSinceLog);
        sums.addProperty("items_since_log", losses.itemsSinceLog);
        sums.addProperty("sum", losses.sum);
        sums.addProperty("items", losses.items);
        sums.add("grad_norm", Json.of(losses.gradNorm));
        sums.add("learning_rate", Json.of(losses.learningRate));
        sums.addProperty("logged_step", losses.loggedStep);
        json.add("losses", sums);
        JsonArray found = new JsonArray();
        evaluations.forEach(found::add);
        json.add("evaluations", found);
        JsonObject fit = new JsonObject();
        fit.addProperty("train", pieces.train);
        fit.addProperty("eval", pieces.eval);
        json.add("pieces", fit);
        json.addProperty("examples_seen", examplesSeen);
        json.addProperty("runtime_nanos", runtimeNanos);
        JsonObject requests = new JsonObject();
        requests.addProperty("stop_training", asked.stopTraining);
        requests.addProperty("stop_epoch", asked.stopEpoch);
        requests.addProperty("log", asked.log);
        requests.addProperty("evaluate", asked.evaluate);
        json.add("asked", requests);
        JsonArray kept = new JsonArray();
        for (CallbackState callback : callbacks) {
            JsonObject one = new JsonObject();
            one.addProperty("type", callback.type);
            one.add("values", Json.of(callback.values));
            kept.add(one);
        }
        json.add("callbacks", kept);
        return Json.write(json);
    }
}
