package io.bertfinetune;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.bertfinetune.training.IntervalStrategy;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Arguments as the flat JSON object of Hugging Face's {@code TrainingArguments.to_json_string}. */
final class ArgumentsJson {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();
    private static final Map<String, Argument<?>> ARGUMENTS = Argument.all().stream()
            .collect(Collectors.toMap(Argument::field, Function.identity(), (a, b) -> a, LinkedHashMap::new));

    /** What Hugging Face leaves null: it refuses a number of batches without worker processes, even its own default. */
    private static final Set<Argument<?>> NULL_UNLESS_SAID =
            Set.of(Argument.EVAL_STEPS, Argument.DATALOADER_PREFETCH_FACTOR);

    /** What means something else when it is not given. */
    private static final Set<Argument<?>> FELT_AT_DEFAULT = Set.of(Argument.EVAL_STEPS, Argument.SAVE_STRATEGY);

    private static final String SCHEDULE_SETTINGS = "lr_scheduler_kwargs";

    private ArgumentsJson() {}

    static String write(Map<Argument<?>, Object> values) {
        JsonObject json = new JsonObject();
        for (Argument<?> argument : ARGUMENTS.values()) {
            if (argument == Argument.SAVE_STRATEGY) {
                Argument.SAVE_STRATEGY.format().write(argument.field(), TrainingArguments.saveStrategy(values), json);
            } else if (NULL_UNLESS_SAID.contains(argument) && !values.containsKey(argument)) {
                json.add(argument.field(), JsonNull.INSTANCE);
            } else if (!json.has(argument.field())) {
                write(argument, values, json);
            }
        }
        return GSON.toJson(json);
    }

    /** The same for reading by people: what has no form in JSON is there as text. */
    static String describe(Map<Argument<?>, Object> values) {
        JsonObject json = new JsonObject();
        for (Map.Entry<Argument<?>, Object> value : values.entrySet()) {
            try {
                write(value.getKey(), values, json);
            } catch (IllegalStateException e) {
                json.addProperty(value.getKey().field(), Settings.nameOf(value.getValue()));
            }
        }
        return GSON.toJson(json) + "\n";
    }

    private static <T> void write(Argument<T> argument, Map<Argument<?>, Object> values, JsonObject into) {
        argument.format().write(argument.field(), argument.in(values), into);
    }

    /** The values that are not the default. */
    static Map<Argument<?>, Object> read(String text) {
        JsonObject json = parse(text);
        Map<Argument<?>, Object> values = new LinkedHashMap<>();
        if (isGiven(json, SCHEDULE_SETTINGS) && !isGiven(json, Argument.LR_SCHEDULER_TYPE.field())) {
            json.addProperty(
                    Argument.LR_SCHEDULER_TYPE.field(),
                    Argument.LR_SCHEDULER_TYPE.initial().type());
        }
        if (isGiven(json, OptimizerFormat.ARGS) && !isGiven(json, Argument.OPTIM.field())) {
            json.addProperty(Argument.OPTIM.field(), OptimizerFormat.ADAMW);
        }
        for (Entry<String, JsonElement> entry : json.entrySet()) {
            Argument<?> argument = ARGUMENTS.get(entry.getKey());
            if (argument == null) {
                requireNothingLost(entry.getKey(), entry.getValue());
            } else if (!entry.getValue().isJsonNull()) {
                Object value = read(argument, json);
                if (!value.equals(argument.initial()) || FELT_AT_DEFAULT.contains(argument)) {
                    values.put(argument, value);
                }
            }
        }
        dropIdle(json, values, Argument.LOGGING_STEPS, Argument.LOGGING_STRATEGY);
        dropIdle(json, values, Argument.EVAL_STEPS, Argument.EVAL_STRATEGY);
        Object saving = values.remove(Argument.SAVE_STRATEGY);
        if (saving != null && saving != TrainingArguments.saveStrategy(values)) {
            values.put(Argument.SAVE_STRATEGY, saving);
        }
        return values;
    }

    private static <T> T read(Argument<T> argument, JsonObject json) {
        try {
            return argument.check(argument.format().read(argument.field(), json));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "fromJson: " + argument.field() + " is " + json.get(argument.field()) + ": " + e.getMessage(), e);
        }
    }

    private static void requireNothingLost(String field, JsonElement value) {
        if (field.equals(SCHEDULE_SETTINGS) || field.equals(OptimizerFormat.ARGS)) {
            return; // read with the schedule, or the optimizer
        }
        if (field.equals("use_cpu")) {
            if (!value.equals(new JsonPrimitive(false)) && !value.isJsonNull()) {
                log.warn("fromJson: use_cpu is not applied; say the device when the model is opened,"
                        + " Bert.fromPretrained(folder).device(Device.cpu())");
            }
            return;
        }
        Optional<JsonElement> initial = HuggingFaceFields.initial(field);
        if (initial.isEmpty()) {
            throw new IllegalArgumentException(
                    "fromJson: " + field + " is no field of Hugging Face's TrainingArguments");
        }
        if (!HuggingFaceFields.saysNothing(field, value)) {
            throw new IllegalArgumentException("fromJson: " + field + " is " + value
                    + ", which this library does not offer; leave it out, or at Hugging Face's default, "
                    + initial.get());
        }
    }

    /** Hugging Face always writes a number of steps; where the strategy makes it idle, its default says nothing. */
    private static void dropIdle(
            JsonObject json, Map<Argument<?>, Object> values, Argument<?> steps, Argument<IntervalStrategy> strategy) {
        boolean isDefault = new JsonPrimitive(500).equals(json.get(steps.field()));
        if (strategy.in(values) != IntervalStrategy.STEPS && isDefault) {
            values.remove(steps);
        }
    }

    private static boolean isGiven(JsonObject json, String field) {
        return json.has(field) && !json.get(field).isJsonNull();
    }

    private static JsonObject parse(String text) {
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement json = element(reader, "");
            if (reader.peek() != JsonToken.END_DOCUMENT || !json.isJsonObject()) {
                throw new IllegalArgumentException("fromJson: expected one JSON object");
            }
            return json.getAsJsonObject();
        } catch (MalformedJsonException | EOFException | IllegalStateException e) {
            throw new IllegalArgumentException("fromJson: this is no JSON object: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a string does not fail to be read
        }
    }

    private static JsonElement element(JsonReader reader, String path) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(reader, path);
            case BEGIN_ARRAY -> array(reader, path);
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            case NUMBER -> new JsonPrimitive(new BigDecimal(reader.nextString()));
            default -> new JsonPrimitive(reader.nextString());
        };
    }

    private static JsonArray array(JsonReader reader, String path) throws IOException {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(element(reader, path));
        }
        reader.endArray();
        return array;
    }

    private static JsonObject object(JsonReader reader, String path) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw new IllegalArgumentException("fromJson: " + path + name + " comes twice");
            }
            object.add(name, element(reader, path + name + "."));
        }
        reader.endObject();
        return object;
    }
}
