package io.bertfinetune.page;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.training.TrainerState;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What the script of a page reads. Gson escapes the characters of markup, so no text of an example can end
 * the element the JSON stands in. A number that is not finite is {@code null}.
 */
final class PageJson {
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private PageJson() {}

    static String of(RunRecord.News news) {
        JsonObject json = new JsonObject();
        json.addProperty("format_version", 1);
        json.add("status", status(news.status()));
        json.addProperty("points_from", news.pointsFrom());
        json.add("points", array(news.points(), PageJson::entry));
        json.addProperty("evaluations_from", news.evaluationsFrom());
        json.add("evaluations", array(news.evaluations(), PageJson::entry));
        news.judgements().ifPresent(all -> json.add("judgements", array(all, PageJson::judgement)));
        return GSON.toJson(json);
    }

    private static JsonObject status(Status status) {
        TrainerState state = status.state();
        JsonObject json = new JsonObject();
        json.addProperty("phase", status.phase().words());
        json.addProperty("name", state.runName().orElse(""));
        json.addProperty("step", state.globalStep());
        json.addProperty("max_steps", state.maxSteps());
        json.add("epoch", number(state.epoch()));
        json.add(
                "epochs",
                state.numTrainEpochs() == Integer.MAX_VALUE ? JsonNull.INSTANCE : number(state.numTrainEpochs()));
        json.addProperty("samples", state.examplesSeen());
        json.addProperty("batch_size", state.trainBatchSize());
        json.addProperty("evaluated_batches", status.evaluatedBatches());
        json.add("seconds", number(status.seconds()));
        json.add("seconds_left", number(status.secondsLeft()));
        json.add("samples_per_second", number(status.samplesPerSecond()));
        json.add("tokens_per_second", number(status.tokensPerSecond()));
        json.addProperty("best_name", state.metricForBestModel());
        json.add("best_value", number(state.bestMetric()));
        json.add(
                "best_step",
                state.bestGlobalStep().isPresent()
                        ? new JsonPrimitive(state.bestGlobalStep().getAsLong())
                        : JsonNull.INSTANCE);
        json.add("summary", numbers(status.summary()));
        return json;
    }

    private static JsonObject entry(Entry entry) {
        JsonObject json = new JsonObject();
        json.addProperty("step", entry.step());
        json.add("epoch", number(entry.epoch()));
        json.add("numbers", numbers(entry.numbers()));
        return json;
    }

    private static JsonObject judgement(Judgement judgement) {
        JsonObject json = new JsonObject();
        json.addProperty("set", judgement.set());
        json.addProperty("step", judgement.step());
        json.add("labels", array(judgement.labels(), JsonPrimitive::new));
        json.add(
                "cells",
                array(
                        judgement.cells(),
                        cell -> array(
                                List.of((long) cell.truth(), (long) cell.predicted(), cell.count()),
                                JsonPrimitive::new)));
        json.add("mistakes", array(judgement.mistakes(), PageJson::mistake));
        return json;
    }

    private static JsonObject mistake(Mistake mistake) {
        JsonObject json = new JsonObject();
        json.addProperty("index", mistake.index());
        json.addProperty("text", mistake.text());
        json.addProperty("truth", mistake.truth());
        json.addProperty("predicted", mistake.predicted());
        json.add("score", number(mistake.score()));
        json.add("truth_score", number(mistake.truthScore()));
        return json;
    }

    private static JsonObject numbers(Map<String, Double> numbers) {
        JsonObject json = new JsonObject();
        numbers.forEach((name, value) -> json.add(name, number(value)));
        return json;
    }

    private static <T> JsonArray array(List<T> values, Function<? super T, ? extends JsonElement> form) {
        JsonArray json = new JsonArray();
        values.forEach(value -> json.add(form.apply(value)));
        return json;
    }

    private static JsonElement number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : JsonNull.INSTANCE;
    }

    private static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
