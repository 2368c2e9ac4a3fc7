package io.bertfinetune.ort.models;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@code config.json}: what it says is checked as it is read, and what it says besides is written back. */
final class BertConfigJson {
    private static final String MODEL_TYPE = "bert";
    private static final Gson PRETTY = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    private final JsonObject json;

    private BertConfigJson(JsonObject json) {
        this.json = json;
    }

    /** The configuration that the text is; fails with {@link IllegalArgumentException} if it is none of a BERT. */
    static BertConfig read(String text) {
        return new BertConfigJson(parse(text)).read();
    }

    /** The text of the configuration, which has labels and a problem type. */
    static String write(BertConfig config) {
        List<String> labels = config.id2label();
        JsonObject out = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : config.json().entrySet()) {
            switch (entry.getKey()) {
                case "torch_dtype" -> out.add("dtype", JsonNull.INSTANCE); // the old name; filled in below
                case "num_labels", "_num_labels" -> {} // id2label says it
                default -> out.add(entry.getKey(), entry.getValue());
            }
        }
        JsonArray architectures = new JsonArray();
        architectures.add("BertForSequenceClassification");
        JsonObject names = new JsonObject();
        JsonObject ids = new JsonObject();
        for (int id = 0; id < labels.size(); id++) {
            names.addProperty(Integer.toString(id), labels.get(id));
            ids.addProperty(labels.get(id), id);
        }
        out.add("architectures", architectures);
        put(out, "attention_probs_dropout_prob", config.attentionProbsDropoutProb());
        if (config.classifierDropout().isPresent()) {
            put(out, "classifier_dropout", config.classifierDropout().getAsDouble());
        } else {
            out.add("classifier_dropout", JsonNull.INSTANCE);
        }
        out.addProperty("dtype", "float32");
        out.addProperty("hidden_act", config.hiddenAct());
        put(out, "hidden_dropout_prob", config.hiddenDropoutProb());
        put(out, "hidden_size", config.hiddenSize());
        out.add("id2label", names);
        put(out, "initializer_range", config.initializerRange());
        put(out, "intermediate_size", config.intermediateSize());
        out.add("label2id", ids);
        put(out, "layer_norm_eps", config.layerNormEps());
        put(out, "max_position_embeddings", config.maxPositionEmbeddings());
        out.addProperty("model_type", MODEL_TYPE);
        put(out, "num_attention_heads", config.numAttentionHeads());
        put(out, "num_hidden_layers", config.numHiddenLayers());
        put(out, "pad_token_id", config.padTokenId());
        out.addProperty("problem_type", config.problemType());
        put(out, "type_vocab_size", config.typeVocabSize());
        put(out, "vocab_size", config.vocabSize());
        return PRETTY.toJson(out) + "\n";
    }

    /** Writes a number, unless it is there already, in whatever way it was written ({@code 1e-12}). */
    private static void put(JsonObject out, String key, Number value) {
        JsonElement there = out.get(key);
        boolean same = there != null
                && there.isJsonPrimitive()
                && there.getAsJsonPrimitive().isNumber()
                && there.getAsDouble() == value.doubleValue();
        if (!same) {
            out.addProperty(key, value);
        }
    }

    private static JsonObject parse(String text) {
        JsonReader reader = strict(text);
        try {
            checkKeysOnce(reader);
            JsonElement parsed = JsonParser.parseReader(strict(text));
            if (!parsed.isJsonObject()) {
                throw new IllegalArgumentException("expected a JSON object, found " + parsed);
            }
            return parsed.getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException("not valid JSON at " + reader.getPath(), e);
        }
    }

    private static JsonReader strict(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        return reader;
    }

    /** Gson keeps the last of several values; which one was meant cannot be known. Also finds text after the end. */
    private static void checkKeysOnce(JsonReader reader) throws IOException {
        Deque<Set<String>> objects = new ArrayDeque<>();
        for (JsonToken token = reader.peek(); token != JsonToken.END_DOCUMENT; token = reader.peek()) {
            switch (token) {
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    objects.push(new HashSet<>());
                }
                case END_OBJECT -> {
                    reader.endObject();
                    objects.pop();
                }
                case BEGIN_ARRAY -> reader.beginArray();
                case END_ARRAY -> reader.endArray();
                case NAME -> {
                    String name = reader.nextName();
                    if (!objects.element().add(name)) {
                        throw new IllegalArgumentException("key " + name + " is there twice");
                    }
                }
                default -> reader.skipValue();
            }
        }
    }

    private BertConfig read() {
        String type = text("model_type", "");
        if (type.isEmpty()) {
            throw new IllegalArgumentException("model_type is missing, expected \"" + MODEL_TYPE + "\"");
        }
        if (!type.equals(MODEL_TYPE)) {
            throw new IllegalArgumentException("model_type is " + type + ", only " + MODEL_TYPE + " is supported");
        }
        refuseUnless("position_embedding_type", text("position_embedding_type", "absolute"), "absolute");
        refuseUnless("is_decoder", flag("is_decoder"), false);
        refuseUnless("add_cross_attention", flag("add_cross_attention"), false);
        if (known("pruned_heads") instanceof JsonObject pruned && !pruned.isEmpty()) {
            throw new IllegalArgumentException(
                    "pruned_heads is " + pruned + ", only models with all their heads" + " are supported");
        }
        if (known("quantization_config") != null) {
            throw new IllegalArgumentException(
                    "quantization_config is there; quantized models cannot be fine-tuned here");
        }
        BertConfig defaults = BertConfig.builder().build();
        BertConfig.Builder builder = BertConfig.builder().json(json);
        builder.vocabSize(whole("vocab_size", defaults.vocabSize()));
        builder.hiddenSize(whole("hidden_size", defaults.hiddenSize()));
        builder.numHiddenLayers(whole("num_hidden_layers", defaults.numHiddenLayers()));
        builder.numAttentionHeads(whole("num_attention_heads", defaults.numAttentionHeads()));
        builder.intermediateSize(whole("intermediate_size", defaults.intermediateSize()));
        builder.hiddenAct(text("hidden_act", defaults.hiddenAct()));
        builder.maxPositionEmbeddings(whole("max_position_embeddings", defaults.maxPositionEmbeddings()));
        builder.typeVocabSize(whole("type_vocab_size", defaults.typeVocabSize()));
        builder.layerNormEps(real("layer_norm_eps", defaults.layerNormEps()));
        builder.hiddenDropoutProb(real("hidden_dropout_prob", defaults.hiddenDropoutProb()));
        builder.attentionProbsDropoutProb(real("attention_probs_dropout_prob", defaults.attentionProbsDropoutProb()));
        if (known("classifier_dropout") != null) {
            builder.classifierDropout(real("classifier_dropout", 0));
        }
        builder.initializerRange(real("initializer_range", defaults.initializerRange()));
        builder.padTokenId(whole("pad_token_id", defaults.padTokenId()));
        builder.problemType(text("problem_type", ""));
        builder.id2label(labels());
        return builder.build();
    }

    /** The labels that id2label, label2id and num_labels agree on. */
    private List<String> labels() {
        List<String> byId = byId();
        Map<String, Integer> byName = byName();
        int count = whole("num_labels", -1);
        if (count != -1 && (count < 1 || count > BertConfig.MAX_VOCAB)) {
            throw new IllegalArgumentException("num_labels is " + count + ", expected 1 to " + BertConfig.MAX_VOCAB);
        }
        if (!byId.isEmpty() && count != -1 && byId.size() != count) {
            throw new IllegalArgumentException(
                    "num_labels is " + count + ", but id2label has " + byId.size() + ": " + byId);
        }
        if (!byName.isEmpty() && byId.isEmpty()) {
            byId = inverse(byName);
            if (count != -1 && byId.size() != count) {
                throw new IllegalArgumentException(
                        "num_labels is " + count + ", but label2id has " + byId.size() + ": " + byName);
            }
        }
        if (!byName.isEmpty() && !byName.equals(numbered(byId))) {
            throw new IllegalArgumentException(
                    "label2id " + byName + " is not the inverse of id2label " + known("id2label"));
        }
        if (byId.isEmpty() && count != -1) {
            List<String> named = new ArrayList<>(); // as Hugging Face names them
            for (int id = 0; id < count; id++) {
                named.add("LABEL_" + id);
            }
            return named;
        }
        return byId;
    }

    private List<String> byId() {
        Map<Integer, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : object("id2label").entrySet()) {
            int id;
            try {
                id = Integer.parseInt(entry.getKey());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "id2label has the id " + entry.getKey() + ", expected whole numbers from 0", e);
            }
            labels.put(id, text("id2label", entry.getValue()));
        }
        return inOrder("id2label", labels);
    }

    private Map<String, Integer> byName() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : object("label2id").entrySet()) {
            ids.put(entry.getKey(), whole("label2id", entry.getValue()));
        }
        return ids;
    }

    private static List<String> inverse(Map<String, Integer> ids) {
        Map<Integer, String> labels = new LinkedHashMap<>();
        ids.forEach((label, id) -> labels.put(id, label));
        if (labels.size() != ids.size()) {
            throw new IllegalArgumentException("label2id " + ids + " has an id twice");
        }
        return inOrder("label2id", labels);
    }

    private static List<String> inOrder(String key, Map<Integer, String> labels) {
        List<String> ordered = new ArrayList<>();
        for (int id = 0; id < labels.size(); id++) {
            String label = labels.get(id);
            if (label == null) {
                throw new IllegalArgumentException(
                        key + " has the ids " + labels.keySet() + ", expected 0 to " + (labels.size() - 1));
            }
            ordered.add(label);
        }
        return ordered;
    }

    private static Map<String, Integer> numbered(List<String> labels) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (String label : labels) {
            ids.put(label, ids.size());
        }
        return ids;
    }

    /** The value of a key; null if it is not there or is JSON's null, which is the same in a config.json. */
    private @Nullable JsonElement known(String key) {
        JsonElement value = json.get(key);
        return value == null || value.isJsonNull() ? null : value;
    }

    private JsonObject object(String key) {
        JsonElement value = known(key);
        if (value == null) {
            return new JsonObject();
        }
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException(key + " is " + value + ", expected an object");
    }

    private String text(String key, String otherwise) {
        JsonElement value = known(key);
        return value == null ? otherwise : text(key, value);
    }

    private static String text(String key, JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.isString()) {
            return primitive.getAsString();
        }
        throw new IllegalArgumentException(key + " is " + value + ", expected a string");
    }

    private boolean flag(String key) {
        JsonElement value = known(key);
        if (value == null) {
            return false;
        }
        if (value instanceof JsonPrimitive primitive && primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        throw new IllegalArgumentException(key + " is " + value + ", expected true or false");
    }

    private int whole(String key, int otherwise) {
        JsonElement value = known(key);
        return value == null ? otherwise : whole(key, value);
    }

    private static int whole(String key, JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
            try {
                return new BigDecimal(primitive.getAsString()).intValueExact();
            } catch (NumberFormatException | ArithmeticException e) {
                throw new IllegalArgumentException(key + " is " + value + ", expected a whole number of 32 bits", e);
            }
        }
        throw new IllegalArgumentException(key + " is " + value + ", expected a whole number");
    }

    private double real(String key, double otherwise) {
        JsonElement value = known(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
            return primitive.getAsDouble();
        }
        throw new IllegalArgumentException(key + " is " + value + ", expected a number");
    }

    private static void refuseUnless(String key, Object found, Object supported) {
        if (!found.equals(supported)) {
            throw new IllegalArgumentException(key + " is " + found + ", only " + supported + " is supported");
        }
    }
}
