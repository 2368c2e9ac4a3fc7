package io.bertfinetune;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.checkpoint.FileOperations;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The files that Hugging Face's {@code Trainer.save_metrics} writes, names sorted and indented by four spaces. */
final class MetricsFiles {
    private static final Gson GSON = new GsonBuilder()
            .setFormattingStyle(FormattingStyle.PRETTY.withIndent("    "))
            .serializeSpecialFloatingPointValues()
            .create();

    private static final String ALL = "all_results.json";

    /** What Python writes without quotes for numbers JSON has no word for; a reader that lets them pass gives strings. */
    private static final Set<String> NO_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

    private MetricsFiles() {}

    /** Writes {@code <split>_results.json}, and the numbers into {@code all_results.json} beside what is there. */
    static void save(FileOperations files, Path folder, String split, Metrics metrics) {
        Map<String, JsonElement> numbers = new TreeMap<>();
        metrics.values().forEach((name, value) -> numbers.put(name, new JsonPrimitive(value)));
        try {
            Map<String, JsonElement> together = earlier(folder.resolve(ALL));
            together.putAll(numbers);
            files.replace(folder, split + "_results.json", json(numbers));
            files.replace(folder, ALL, json(together));
        } catch (IOException e) {
            throw new CheckpointException("saveMetrics: " + folder + " cannot be written to: " + e, e);
        }
    }

    private static byte[] json(Map<String, JsonElement> numbers) {
        return (GSON.toJson(numbers) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static JsonElement numberIfOne(JsonElement value) {
        boolean isNumber = value instanceof JsonPrimitive primitive && NO_NUMBERS.contains(primitive.getAsString());
        return isNumber ? new JsonPrimitive(Double.parseDouble(value.getAsString())) : value;
    }

    private static Map<String, JsonElement> earlier(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try {
            if (JsonParser.parseString(Files.readString(file)) instanceof JsonObject object) {
                Map<String, JsonElement> earlier = new TreeMap<>(object.asMap());
                earlier.replaceAll((name, value) -> numberIfOne(value));
                return earlier;
            }
            throw new JsonParseException("expected an object");
        } catch (JsonParseException e) {
            throw new DataException(
                    "saveMetrics: " + file + " is no JSON object, so nothing can be added to it; remove it", e);
        }
    }
}
