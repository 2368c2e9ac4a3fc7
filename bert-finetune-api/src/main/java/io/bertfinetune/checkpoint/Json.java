package io.bertfinetune.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.error.CheckpointException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** One JSON object of a file, whose fields are asked for by name; the file is named when one does not fit. */
final class Json {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .serializeSpecialFloatingPointValues()
            .disableHtmlEscaping()
            .create();

    private final Path file;
    private final JsonObject object;

    private Json(Path file, JsonObject object) {
        this.file = file;
        this.object = object;
    }

    /** Reads a file; {@code NaN} and {@code Infinity}, which Python writes, are numbers. */
    static Json read(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (JsonParser.parseString(text) instanceof JsonObject object) {
                return new Json(file, object);
            }
            throw new CheckpointException(file + ": expected a JSON object");
        } catch (JsonParseException e) {
            throw new CheckpointException(file + ": no JSON object: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read: " + e, e);
        }
    }

    static byte[] write(JsonObject object) {
        return (GSON.toJson(object) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** A number or null. */
    static JsonElement of(OptionalDouble number) {
        return number.isPresent() ? new JsonPrimitive(number.getAsDouble()) : JsonNull.INSTANCE;
    }

    static JsonObject of(Map<String, String> texts) {
        JsonObject json = new JsonObject();
        texts.forEach(json::addProperty);
        return json;
    }

    /** Whether a field is there and not null. */
    boolean has(String field) {
        return object.has(field) && !object.get(field).isJsonNull();
    }

    JsonElement element(String field) {
        if (!has(field)) {
            throw new CheckpointException(file + ": " + field + " is missing");
        }
        return object.get(field);
    }

    String text(String field) {
        if (element(field) instanceof JsonPrimitive text && text.isString()) {
            return text.getAsString();
        }
        throw unfit(field, "a string");
    }

    boolean flag(String field) {
        if (element(field) instanceof JsonPrimitive flag && flag.isBoolean()) {
            return flag.getAsBoolean();
        }
        throw unfit(field, "true or false");
    }

    double number(String field) {
        return number(element(field)).orElseThrow(() -> unfit(field, "a number"));
    }

    OptionalDouble optionalNumber(String field) {
        return has(field) ? OptionalDouble.of(number(field)) : OptionalDouble.empty();
    }

    /** A whole number from 0. */
    long count(String field) {
        if (element(field) instanceof JsonPrimitive number && number.isNumber()) {
            try {
                BigDecimal value = number.getAsBigDecimal();
                if (value.signum() >= 0 && value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                    return value.longValueExact();
                }
            } catch (ArithmeticException | NumberFormatException e) {
                throw unfit(field, "a whole number from 0", e);
            }
        }
        throw unfit(field, "a whole number from 0");
    }

    int smallCount(String field) {
        long count = count(field);
        if (count > Integer.MAX_VALUE) {
            throw unfit(field, "a whole number up to " + Integer.MAX_VALUE);
        }
        return (int) count;
    }

    Map<String, String> texts(String field) {
        if (!(element(field) instanceof JsonObject texts)) {
            throw unfit(field, "an object");
        }
        Json inner = new Json(file, texts);
        Map<String, String> all = new LinkedHashMap<>();
        texts.keySet().forEach(name -> all.put(name, inner.text(name)));
        return all;
    }

    List<Double> numbers(String field) {
        if (!(element(field) instanceof JsonArray array)) {
            throw unfit(field, "a list of numbers");
        }
        List<Double> numbers = new ArrayList<>();
        array.forEach(element -> numbers.add(number(element).orElseThrow(() -> unfit(field, "a list of numbers"))));
        return numbers;
    }

    Json inside(JsonElement element) {
        if (element instanceof JsonObject inner) {
            return new Json(file, inner);
        }
        throw new CheckpointException(file + ": expected an object, found " + element);
    }

    /** The number an element is, {@code NaN} too; empty if it is none. */
    static java.util.Optional<Double> number(JsonElement element) {
        if (!(element instanceof JsonPrimitive value) || value.isBoolean()) {
            return java.util.Optional.empty();
        }
        String text = value.getAsString();
        if (value.isNumber() || text.matches("NaN|-?Infinity")) {
            return java.util.Optional.of(Double.parseDouble(text));
        }
        return java.util.Optional.empty();
    }

    private CheckpointException unfit(String field, String expected) {
        return new CheckpointException(describe(field, expected));
    }

    private CheckpointException unfit(String field, String expected, Exception cause) {
        return new CheckpointException(describe(field, expected), cause);
    }

    private String describe(String field, String expected) {
        return file + ": " + field + " is " + object.get(field) + ", expected " + expected;
    }
}
