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
import io.bertfinetune.benchmarks.StepResults.SideResults;
import java.util.OptionalDouble;

/** A comparison of steps for programs: every sample, and what the table says of them. What is not known is null. */
final class StepJson {
    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .registerTypeAdapter(OptionalDouble.class, (JsonSerializer<OptionalDouble>)
                    (number, type, context) -> StepJson.number(number))
            .serializeNulls()
            .setPrettyPrinting()
            .create();

    private StepJson() {}

    static String of(StepResults results) {
        JsonObject json = new JsonObject();
        json.addProperty("format_version", 1);
        json.addProperty("suite", "compare step");
        json.add("work", GSON.toJsonTree(results.work()));
        json.addProperty("warmup", results.warmup());
        json.add("machine", GSON.toJsonTree(results.machine()));
        json.addProperty("disturbing", StepResults.DISTURBING);
        JsonArray sides = new JsonArray();
        results.sides().forEach(side -> sides.add(side(results, side)));
        json.add("sides", sides);
        return GSON.toJson(json);
    }

    private static JsonObject side(StepResults results, SideResults side) {
        JsonObject json = GSON.toJsonTree(side).getAsJsonObject();
        json.addProperty("ran", side.ran());
        if (side.ran()) {
            json.add("ms", GSON.toJsonTree(side.times()));
            json.add("processor_ms", GSON.toJsonTree(side.processorTimes()));
            json.add("ratio", GSON.toJsonTree(Spread.of(results.ratios(side))));
            json.add("ratio_undisturbed", number(median(results, side)));
            json.addProperty("disturbed", side.disturbed());
        }
        return json;
    }

    private static OptionalDouble median(StepResults results, SideResults side) {
        var ratios = results.undisturbedRatios(side);
        return ratios.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Spread.of(ratios).median());
    }

    private static JsonElement number(OptionalDouble number) {
        return number.isPresent() ? new JsonPrimitive(number.getAsDouble()) : JsonNull.INSTANCE;
    }
}
