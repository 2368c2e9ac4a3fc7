package io.bertfinetune.experiment;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a search found. Does not change. */
public final class SearchResult {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private final String objective;
    private final List<TrialResult> trials;

    /** The results, best first. */
    SearchResult(String objective, List<TrialResult> trials) {
        this.objective = objective;
        this.trials = List.copyOf(trials);
    }

    /**
     * Every trial, with its last result: under {@link Halving} those of the longest round first, then the best first, and
     * those that failed at the end.
     *
     * @return as many as the search had
     */
    public List<TrialResult> trials() {
        return trials;
    }

    /**
     * The best trial.
     *
     * @return the first of {@link #trials}
     * @throws IllegalStateException if all failed; the message says why each did
     */
    public TrialResult best() {
        TrialResult first = trials.get(0);
        if (first.failure().isPresent()) {
            throw new IllegalStateException("all " + trials.size() + " trials failed: "
                    + trials.stream()
                            .map(t -> t.trial() + ": " + t.failure().orElseThrow())
                            .collect(Collectors.joining("; ")));
        }
        return first;
    }

    /**
     * Every trial, as CSV under a header: a line for each, in the order of {@link #trials}, with columns for its number, its
     * values, its metrics and why it failed.
     *
     * @return the text, {@code trial,learningRate,eval_accuracy,failure} and so on
     */
    public String toCsv() {
        List<String> values = names(trial -> trial.trial().values().keySet());
        List<String> metrics = names(trial -> trial.metrics().values().keySet());
        List<String> header = new ArrayList<>(List.of("trial"));
        header.addAll(values);
        header.addAll(metrics);
        header.add("failure");
        Table table = new Table(header);
        for (TrialResult trial : trials) {
            List<String> row =
                    new ArrayList<>(List.of(Integer.toString(trial.trial().number())));
            values.forEach(name -> row.add(field(trial.trial().values(), name)));
            metrics.forEach(name -> row.add(field(trial.metrics().values(), name)));
            row.add(trial.failure().orElse(""));
            table.add(row);
        }
        return table.csv();
    }

    /**
     * Every trial, as JSON. A number that is not finite is {@code null}: JSON has no word for it.
     *
     * @return an object with {@code objective} and {@code trials}, each with {@code trial}, {@code values}, {@code metrics}
     *     and {@code failure}, which is null unless it failed
     */
    public String toJson() {
        JsonObject all = new JsonObject();
        all.addProperty("objective", objective);
        JsonArray array = new JsonArray();
        for (TrialResult trial : trials) {
            JsonObject one = new JsonObject();
            one.addProperty("trial", trial.trial().number());
            one.add("values", object(trial.trial().values()));
            one.add("metrics", object(trial.metrics().values()));
            one.add(
                    "failure",
                    trial.failure().isPresent()
                            ? new JsonPrimitive(trial.failure().get())
                            : JsonNull.INSTANCE);
            array.add(one);
        }
        all.add("trials", array);
        return GSON.toJson(all);
    }

    /**
     * A table for reading: a line for each trial, the best first, with its values and the objective.
     *
     * @return lines, the first the header
     */
    @Override
    public String toString() {
        List<String> values = names(trial -> trial.trial().values().keySet());
        List<String> header = new ArrayList<>(List.of("trial"));
        header.addAll(values);
        header.add(objective);
        Table table = new Table(header);
        for (TrialResult trial : trials) {
            List<String> row =
                    new ArrayList<>(List.of(Integer.toString(trial.trial().number())));
            values.forEach(name -> row.add(Trial.text(trial.trial().values().getOrDefault(name, ""))));
            row.add(
                    trial.objective().isPresent()
                            ? Table.number(trial.objective().getAsDouble())
                            : "failed: " + trial.failure().orElse(""));
            table.add(row);
        }
        return table.toString();
    }

    private List<String> names(Function<TrialResult, Collection<String>> of) {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        trials.forEach(trial -> names.addAll(of.apply(trial)));
        return List.copyOf(names);
    }

    private static String field(Map<String, ?> values, String name) {
        Object value = values.get(name);
        return value == null ? "" : value.toString();
    }

    private static JsonObject object(Map<String, ?> values) {
        JsonObject json = new JsonObject();
        values.forEach((name, value) -> json.add(
                name,
                value instanceof Number number
                        ? Double.isFinite(number.doubleValue()) ? new JsonPrimitive(number) : JsonNull.INSTANCE
                        : new JsonPrimitive(value.toString())));
        return json;
    }
}
