package io.bertfinetune;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The files that Hugging Face's {@code Trainer.save_metrics} writes, names sorted and indented by four spaces. */
final class MetricsFiles {
    private static final Gson GSON = new GsonBuilder()
            .setFormattingStyle(FormattingStyle.PRETTY.withIndent("    "))
            .serializeSpecialFloatingPointValues()
            .create();

    private MetricsFiles() {}

    /** Writes {@code <split>_results.json}, and the numbers into {@code all_results.json} beside what is there. */
    static void save(Path folder, String split, Metrics metrics) {
        Map<String, JsonElement> numbers = new TreeMap<>();
        metrics.values().forEach((name, value) -> numbers.put(name, new JsonPrimitive(value)));
        Path all = folder.resolve("all_results.json");
        try {
            Files.createDirectories(folder);
            Map<String, JsonElement> together = earlier(all);
            together.putAll(numbers);
            Files.writeString(folder.resolve(split + "_results.json"), GSON.toJson(numbers) + "\n");
            Files.writeString(all, GSON.toJson(together) + "\n");
        } catch (IOException e) {
            throw new CheckpointException("saveMetrics: " + folder + " cannot be written to: " + e, e);
        }
    }

    private static Map<String, JsonElement> earlier(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try {
            if (JsonParser.parseString(Files.readString(file)) instanceof JsonObject object) {
                return new TreeMap<>(object.asMap());
            }
            throw new JsonParseException("expected an object");
        } catch (JsonParseException e) {
            throw new DataException(
                    "saveMetrics: " + file + " is no JSON object, so nothing can be added to it; remove it", e);
        }
    }
}
