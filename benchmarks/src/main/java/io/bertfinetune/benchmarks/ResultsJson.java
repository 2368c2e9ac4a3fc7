package io.bertfinetune.benchmarks;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import io.bertfinetune.benchmarks.Results.Sample;
import io.bertfinetune.benchmarks.Results.SideResults;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Comparisons for programs: every sample, and what the tables say of them. What is not known is null. */
final class ResultsJson {
    private static final int FORMAT_VERSION = 2;
    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .registerTypeAdapter(Optional.class, (JsonSerializer<Optional<String>>) (text, type, context) ->
                    text.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE))
            .serializeNulls()
            .setPrettyPrinting()
            .create();

    private ResultsJson() {}

    /** One object with a comparison after the other. */
    static String of(List<Results> all) {
        JsonObject json = new JsonObject();
        json.addProperty("format_version", FORMAT_VERSION);
        json.addProperty("disturbing", Results.DISTURBING);
        JsonArray comparisons = new JsonArray();
        all.forEach(results -> comparisons.add(of(results)));
        json.add("comparisons", comparisons);
        return GSON.toJson(json);
    }

    private static JsonObject of(Results results) {
        JsonObject json = new JsonObject();
        json.addProperty("suite", results.suite());
        json.addProperty("title", results.title());
        json.addProperty("method", results.method());
        json.add("work", GSON.toJsonTree(results.work()));
        json.add("machine", GSON.toJsonTree(results.machine()));
        JsonArray sides = new JsonArray();
        results.sides().forEach(side -> sides.add(of(results, side)));
        json.add("sides", sides);
        return json;
    }

    private static JsonObject of(Results results, SideResults side) {
        JsonObject json = new JsonObject();
        json.addProperty("name", side.name());
        json.addProperty("ran", side.ran());
        json.add("not_run", GSON.toJsonTree(side.notRun(), Optional.class));
        json.add("versions", GSON.toJsonTree(side.versions()));
        json.add("facts", GSON.toJsonTree(side.facts()));
        json.add("samples", samples(side.samples()));
        json.add("reference", samples(side.reference()));
        JsonObject figures = new JsonObject();
        for (Figure figure : results.figures()) {
            if (side.has(figure)) {
                figures.add(figure.key(), of(figure, side));
            }
        }
        json.add("figures", figures);
        json.addProperty("disturbed", side.disturbed());
        return json;
    }

    private static JsonObject of(Figure figure, SideResults side) {
        JsonObject json = GSON.toJsonTree(Spread.of(side.values(figure))).getAsJsonObject();
        if (figure.isCompared()) {
            json.add("ratio", spread(side.ratios(figure)));
            json.add("ratio_undisturbed", spread(side.undisturbedRatios(figure)));
        }
        return json;
    }

    private static JsonElement spread(List<Double> numbers) {
        return numbers.isEmpty() ? JsonNull.INSTANCE : GSON.toJsonTree(Spread.of(numbers));
    }

    private static JsonArray samples(List<Sample> samples) {
        JsonArray array = new JsonArray();
        for (Sample sample : samples) {
            JsonObject json = GSON.toJsonTree(sample.figures()).getAsJsonObject();
            json.add("others", number(sample.others()));
            array.add(json);
        }
        return array;
    }

    private static JsonElement number(OptionalDouble number) {
        return number.isPresent() ? new JsonPrimitive(number.getAsDouble()) : JsonNull.INSTANCE;
    }
}
