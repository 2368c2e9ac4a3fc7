package io.bertfinetune.examples;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.prediction.Classification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The files of results that Hugging Face's scripts leave in their output folder. */
final class ResultFiles {
    private static final Gson GSON = new GsonBuilder()
            .setFormattingStyle(FormattingStyle.PRETTY.withIndent("    "))
            .serializeSpecialFloatingPointValues()
            .create();

    private final Path folder;

    ResultFiles(Path folder) {
        this.folder = folder;
    }

    /** Writes {@code <split>_results.json}, puts the numbers into {@code all_results.json} too, and prints them. */
    void save(String split, Metrics metrics, int samples) {
        Map<String, JsonElement> numbers = new TreeMap<>();
        metrics.values().forEach((name, value) -> numbers.put(name, new JsonPrimitive(value)));
        numbers.put(split + "_samples", new JsonPrimitive(samples));
        write(folder.resolve(split + "_results.json"), GSON.toJson(numbers) + "\n");

        Path all = folder.resolve("all_results.json");
        Map<String, JsonElement> together = earlier(all);
        together.putAll(numbers);
        write(all, GSON.toJson(together) + "\n");

        System.out.println("***** " + split + " metrics *****");
        int width = numbers.keySet().stream().mapToInt(String::length).max().orElse(1);
        numbers.forEach(
                (name, value) -> System.out.printf(Locale.ROOT, "  %-" + width + "s = %s%n", name, shown(value)));
    }

    /** Writes {@code predict_results.txt}: a header, then a number from 0 and a label on each line. */
    void savePredictions(List<Classification> predictions) {
        StringBuilder lines = new StringBuilder("index\tprediction\n");
        for (int index = 0; index < predictions.size(); index++) {
            lines.append(index)
                    .append('\t')
                    .append(predictions.get(index).label())
                    .append('\n');
        }
        write(folder.resolve("predict_results.txt"), lines.toString());
    }

    private static Map<String, JsonElement> earlier(Path file) {
        if (!Files.exists(file)) {
            return new TreeMap<>();
        }
        try {
            JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            return new TreeMap<>(json.asMap());
        } catch (JsonParseException | IllegalStateException e) {
            throw new DataException(file + ": not a JSON object, so nothing can be added to it; remove it", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(JsonElement number) {
        String text = number.getAsString();
        return text.contains(".") ? String.format(Locale.ROOT, "%.4f", number.getAsDouble()) : text;
    }
}
