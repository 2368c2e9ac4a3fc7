package io.bertfinetune.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.training.TrainerState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file {@code trainer_state.json}, as Hugging Face's {@code TrainerState} writes and reads it. */
public final class TrainerStateFile {
    /** The file's name. */
    public static final String FILE = "trainer_state.json";

    /** What is a whole number in the log. */
    private static final Set<String> COUNTS = Set.of("step", "num_input_tokens_seen");

    private static final Logger log = LoggerFactory.getLogger("io.bertfinetune.Trainer");

    private TrainerStateFile() {}

    /**
     * The file's content.
     *
     * @param state the state of the run
     * @param callbacks what callbacks keep
     * @return JSON with every field that Hugging Face's class has
     */
    public static byte[] toJson(TrainerState state, List<RunState.CallbackState> callbacks) {
        JsonObject json = new JsonObject();
        json.add(
                "best_global_step",
                state.bestGlobalStep().isPresent()
                        ? new JsonPrimitive(state.bestGlobalStep().getAsLong())
                        : JsonNull.INSTANCE);
        json.add("best_metric", Json.of(state.bestMetric()));
        json.add(
                "best_model_checkpoint",
                state.bestModelCheckpoint()
                        .<JsonElement>map(path -> new JsonPrimitive(path.toString()))
                        .orElse(JsonNull.INSTANCE));
        json.addProperty("epoch", state.epoch());
        json.addProperty("eval_steps", state.evalSteps());
        json.addProperty("global_step", state.globalStep());
        json.addProperty("is_hyper_param_search", false);
        json.addProperty("is_local_process_zero", true);
        json.addProperty("is_world_process_zero", true);
        JsonArray history = new JsonArray();
        state.logHistory().forEach(entry -> history.add(entry(entry)));
        json.add("log_history", history);
        json.addProperty("logging_steps", state.loggingSteps());
        json.addProperty("max_steps", state.maxSteps());
        json.addProperty("num_input_tokens_seen", state.numInputTokensSeen());
        json.addProperty("num_train_epochs", state.numTrainEpochs());
        json.addProperty("save_steps", state.saveSteps());
        json.add("stateful_callbacks", stateful(callbacks));
        json.addProperty("total_flos", 0.0);
        json.addProperty("train_batch_size", state.trainBatchSize());
        json.add("trial_name", JsonNull.INSTANCE);
        json.add("trial_params", JsonNull.INSTANCE);
        return Json.write(json);
    }

    /**
     * Whether a folder has such a file.
     *
     * @param checkpoint the folder
     * @return true if it is a checkpoint, of whomever
     */
    public static boolean isIn(Path checkpoint) {
        return Files.exists(checkpoint.resolve(FILE));
    }

    private static JsonObject entry(Metrics numbers) {
        JsonObject entry = new JsonObject();
        numbers.values().forEach((name, value) -> {
            if (COUNTS.contains(name)) {
                entry.addProperty(name, Math.round(value));
            } else {
                entry.addProperty(name, value);
            }
        });
        return entry;
    }

    private static JsonObject stateful(List<RunState.CallbackState> callbacks) {
        Map<String, JsonArray> byType = new LinkedHashMap<>();
        for (RunState.CallbackState callback : callbacks) {
            JsonObject one = new JsonObject();
            one.add("args", new JsonObject());
            one.add("attributes", Json.of(callback.values()));
            byType.computeIfAbsent(simpleName(callback.type()), type -> new JsonArray())
                    .add(one);
        }
        JsonObject all = new JsonObject();
        byType.forEach((type, states) -> all.add(type, states.size() == 1 ? states.get(0) : states));
        return all;
    }

    private static String simpleName(String type) {
        return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    }

    /**
     * Reads the file into a state: step, epoch, history and what was best. A best checkpoint is looked for beside this
     * one, wherever it was written; if it is gone, a line in the log says so. What is no number in the history is left
     * out.
     *
     * @param checkpoint the folder
     * @param state takes the values
     * @return the same builder
     * @throws CheckpointException if the file is not there or does not fit
     */
    public static TrainerState.Builder read(Path checkpoint, TrainerState.Builder state) {
        Path file = checkpoint.resolve(FILE);
        Json json = Json.read(file);
        state.globalStep(json.count("global_step")).epoch(json.number("epoch"));
        if (json.has("num_input_tokens_seen")) {
            state.numInputTokensSeen(json.count("num_input_tokens_seen"));
        }
        json.optionalNumber("best_metric").ifPresent(state::bestMetric);
        if (json.has("best_global_step")) {
            state.bestGlobalStep(json.count("best_global_step"));
        }
        if (json.has("best_model_checkpoint")) {
            Path name = Path.of(json.text("best_model_checkpoint")).getFileName();
            Path best = name == null ? checkpoint : checkpoint.toAbsolutePath().resolveSibling(name);
            if (Checkpoints.isThere(best)) {
                state.bestModelCheckpoint(best);
            } else {
                log.warn("{}: best_model_checkpoint is {}, which is not there any more", file, best);
            }
        }
        return state.logHistory(history(json, file));
    }

    private static List<Metrics> history(Json json, Path file) {
        if (!json.has("log_history")) {
            return List.of();
        }
        if (!(json.element("log_history") instanceof JsonArray entries)) {
            throw new CheckpointException(file + ": log_history is no list");
        }
        List<Metrics> history = new ArrayList<>();
        for (JsonElement element : entries) {
            if (!(element instanceof JsonObject entry)) {
                throw new CheckpointException(file + ": log_history holds " + element + ", expected objects");
            }
            Map<String, Double> numbers = new LinkedHashMap<>();
            entry.entrySet()
                    .forEach(e -> Json.number(e.getValue()).ifPresent(number -> numbers.put(e.getKey(), number)));
            history.add(Metrics.of(numbers));
        }
        return history;
    }
}
