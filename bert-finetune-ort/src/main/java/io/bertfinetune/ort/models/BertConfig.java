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
import io.bertfinetune.error.ModelFormatException;
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
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and settings of a BERT: Hugging Face's {@code BertConfig}, read from and written to {@code config.json}.
 * Does not change.
 *
 * <p>What is not said is as in Hugging Face: bert-base-uncased. Everything is checked when the configuration is made,
 * so that whoever builds a network from it need not.
 */
public final class BertConfig {
    private static final int MAX_VOCAB = 1 << 24;
    private static final int MAX_WIDTH = 1 << 16;
    private static final int MAX_LAYERS = 1 << 10;
    private static final int MAX_INTERMEDIATE = 1 << 20;
    private static final int MAX_POSITIONS = 1 << 20;
    private static final String MODEL_TYPE = "bert";
    private static final String GELU = "gelu";
    private static final Set<String> PROBLEM_TYPES =
            Set.of("regression", "single_label_classification", "multi_label_classification");
    private static final Gson PRETTY = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    private final int vocabSize;
    private final int hiddenSize;
    private final int numHiddenLayers;
    private final int numAttentionHeads;
    private final int intermediateSize;
    private final String hiddenAct;
    private final int maxPositionEmbeddings;
    private final int typeVocabSize;
    private final double layerNormEps;
    private final double hiddenDropoutProb;
    private final double attentionProbsDropoutProb;
    private final OptionalDouble classifierDropout;
    private final double initializerRange;
    private final int padTokenId;
    private final List<String> id2label;
    private final String problemType;
    /** The file it came from, with keys this class does not know; empty if it came from none. */
    private final JsonObject json;

    private BertConfig(Builder b) {
        vocabSize = size("vocab_size", b.vocabSize, MAX_VOCAB);
        hiddenSize = size("hidden_size", b.hiddenSize, MAX_WIDTH);
        numHiddenLayers = size("num_hidden_layers", b.numHiddenLayers, MAX_LAYERS);
        numAttentionHeads = size("num_attention_heads", b.numAttentionHeads, MAX_WIDTH);
        intermediateSize = size("intermediate_size", b.intermediateSize, MAX_INTERMEDIATE);
        maxPositionEmbeddings = size("max_position_embeddings", b.maxPositionEmbeddings, MAX_POSITIONS);
        typeVocabSize = size("type_vocab_size", b.typeVocabSize, MAX_WIDTH);
        if (hiddenSize % numAttentionHeads != 0) {
            throw new IllegalArgumentException(
                    "num_attention_heads " + numAttentionHeads + " does not divide hidden_size " + hiddenSize);
        }
        hiddenAct = b.hiddenAct;
        if (!hiddenAct.equals(GELU)) {
            throw new IllegalArgumentException("hidden_act is " + hiddenAct + ", only " + GELU + " is supported");
        }
        layerNormEps = b.layerNormEps;
        if (!(layerNormEps > 0 && layerNormEps < 1)) {
            throw new IllegalArgumentException("layer_norm_eps is " + layerNormEps + ", expected above 0 and below 1");
        }
        hiddenDropoutProb = probability("hidden_dropout_prob", b.hiddenDropoutProb);
        attentionProbsDropoutProb = probability("attention_probs_dropout_prob", b.attentionProbsDropoutProb);
        b.classifierDropout.ifPresent(p -> probability("classifier_dropout", p));
        classifierDropout = b.classifierDropout;
        initializerRange = b.initializerRange;
        if (!(initializerRange >= 0 && initializerRange < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("initializer_range is " + initializerRange + ", expected 0 or more");
        }
        padTokenId = b.padTokenId;
        if (padTokenId < 0 || padTokenId >= vocabSize) {
            throw new IllegalArgumentException(
                    "pad_token_id is " + padTokenId + ", expected 0 to " + (vocabSize - 1) + " (vocab_size - 1)");
        }
        id2label = List.copyOf(b.id2label);
        if (new HashSet<>(id2label).size() != id2label.size()) {
            throw new IllegalArgumentException("id2label " + id2label + " has a label twice");
        }
        problemType = b.problemType;
        if (!problemType.isEmpty() && !PROBLEM_TYPES.contains(problemType)) {
            throw new IllegalArgumentException("problem_type is " + problemType + ", expected one of "
                    + PROBLEM_TYPES.stream().sorted().toList());
        }
        json = b.json;
    }

    private static int size(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", expected 1 to " + most);
        }
        return value;
    }

    private static double probability(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", expected 0 or more and below 1");
        }
        return value;
    }

    /**
     * Reads a {@code config.json}.
     *
     * @param text its text
     * @param source what error messages call it
     * @return the configuration
     * @throws ModelFormatException if it is not JSON, is of another model than BERT, or contradicts itself
     */
    public static BertConfig fromJson(String text, String source) {
        try {
            return new ConfigJson(parse(text)).read().build();
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(source + ": " + e.getMessage(), e);
        }
    }

    /**
     * The configuration of bert-base-uncased, to be changed.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * This configuration, to be changed.
     *
     * @return a builder that holds the same values
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * The {@code config.json} of this model as a {@code BertForSequenceClassification}. Keys of the file it was read
     * from that this class does not know stay where they were, and known ones as they were written.
     *
     * @param labels the labels, in the order of the logits; at least one, none twice
     * @param problemType {@code single_label_classification}, {@code multi_label_classification} or {@code regression}
     * @return the text, in UTF-8 when written
     */
    public String toJson(List<String> labels, String problemType) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("no labels");
        }
        if (problemType.isEmpty()) {
            throw new IllegalArgumentException("no problem type");
        }
        toBuilder().id2label(labels).problemType(problemType).build(); // checks them
        JsonObject out = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
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
        put(out, "attention_probs_dropout_prob", attentionProbsDropoutProb);
        if (classifierDropout.isPresent()) {
            put(out, "classifier_dropout", classifierDropout.getAsDouble());
        } else {
            out.add("classifier_dropout", JsonNull.INSTANCE);
        }
        out.addProperty("dtype", "float32");
        out.addProperty("hidden_act", hiddenAct);
        put(out, "hidden_dropout_prob", hiddenDropoutProb);
        put(out, "hidden_size", hiddenSize);
        out.add("id2label", names);
        put(out, "initializer_range", initializerRange);
        put(out, "intermediate_size", intermediateSize);
        out.add("label2id", ids);
        put(out, "layer_norm_eps", layerNormEps);
        put(out, "max_position_embeddings", maxPositionEmbeddings);
        out.addProperty("model_type", MODEL_TYPE);
        put(out, "num_attention_heads", numAttentionHeads);
        put(out, "num_hidden_layers", numHiddenLayers);
        put(out, "pad_token_id", padTokenId);
        out.addProperty("problem_type", problemType);
        put(out, "type_vocab_size", typeVocabSize);
        put(out, "vocab_size", vocabSize);
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

    /** What a file says, checked as it is read. */
    private static final class ConfigJson {
        private final JsonObject json;

        ConfigJson(JsonObject json) {
            this.json = json;
        }

        Builder read() {
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
            Builder builder = new Builder();
            builder.json = json;
            builder.vocabSize = whole("vocab_size", builder.vocabSize);
            builder.hiddenSize = whole("hidden_size", builder.hiddenSize);
            builder.numHiddenLayers = whole("num_hidden_layers", builder.numHiddenLayers);
            builder.numAttentionHeads = whole("num_attention_heads", builder.numAttentionHeads);
            builder.intermediateSize = whole("intermediate_size", builder.intermediateSize);
            builder.hiddenAct = text("hidden_act", builder.hiddenAct);
            builder.maxPositionEmbeddings = whole("max_position_embeddings", builder.maxPositionEmbeddings);
            builder.typeVocabSize = whole("type_vocab_size", builder.typeVocabSize);
            builder.layerNormEps = real("layer_norm_eps", builder.layerNormEps);
            builder.hiddenDropoutProb = real("hidden_dropout_prob", builder.hiddenDropoutProb);
            builder.attentionProbsDropoutProb = real("attention_probs_dropout_prob", builder.attentionProbsDropoutProb);
            if (known("classifier_dropout") != null) {
                builder.classifierDropout = OptionalDouble.of(real("classifier_dropout", 0));
            }
            builder.initializerRange = real("initializer_range", builder.initializerRange);
            builder.padTokenId = whole("pad_token_id", builder.padTokenId);
            builder.problemType = text("problem_type", "");
            builder.id2label = labels();
            return builder;
        }

        /** The labels that id2label, label2id and num_labels agree on. */
        private List<String> labels() {
            List<String> byId = byId();
            Map<String, Integer> byName = byName();
            int count = whole("num_labels", -1);
            if (count != -1 && (count < 1 || count > MAX_VOCAB)) {
                throw new IllegalArgumentException("num_labels is " + count + ", expected 1 to " + MAX_VOCAB);
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
                    throw new IllegalArgumentException(
                            key + " is " + value + ", expected a whole number of 32 bits", e);
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

    /**
     * How many tokens the vocabulary has.
     *
     * @return {@code vocab_size}; 30522 unless said
     */
    public int vocabSize() {
        return vocabSize;
    }

    /**
     * How many numbers stand for a token.
     *
     * @return {@code hidden_size}; 768 unless said
     */
    public int hiddenSize() {
        return hiddenSize;
    }

    /**
     * How many layers follow each other.
     *
     * @return {@code num_hidden_layers}; 12 unless said
     */
    public int numHiddenLayers() {
        return numHiddenLayers;
    }

    /**
     * Into how many heads attention is divided; divides the hidden size.
     *
     * @return {@code num_attention_heads}; 12 unless said
     */
    public int numAttentionHeads() {
        return numAttentionHeads;
    }

    /**
     * How many numbers stand for a token within a head.
     *
     * @return hidden size divided by heads
     */
    public int headSize() {
        return hiddenSize / numAttentionHeads;
    }

    /**
     * How many numbers stand for a token between the two dense layers of a layer's second half.
     *
     * @return {@code intermediate_size}; 3072 unless said
     */
    public int intermediateSize() {
        return intermediateSize;
    }

    /**
     * The function between those dense layers.
     *
     * @return {@code hidden_act}; always {@code gelu}, the exact one with erf
     */
    public String hiddenAct() {
        return hiddenAct;
    }

    /**
     * How many tokens an input may have.
     *
     * @return {@code max_position_embeddings}; 512 unless said
     */
    public int maxPositionEmbeddings() {
        return maxPositionEmbeddings;
    }

    /**
     * How many kinds of token there are: first text, second text.
     *
     * @return {@code type_vocab_size}; 2 unless said
     */
    public int typeVocabSize() {
        return typeVocabSize;
    }

    /**
     * What LayerNorm adds to the variance.
     *
     * @return {@code layer_norm_eps}; 1e-12 unless said
     */
    public double layerNormEps() {
        return layerNormEps;
    }

    /**
     * How likely dropout is after embeddings and dense layers.
     *
     * @return {@code hidden_dropout_prob}, 0 or more and below 1; 0.1 unless said
     */
    public double hiddenDropoutProb() {
        return hiddenDropoutProb;
    }

    /**
     * How likely dropout is on the weights of attention.
     *
     * @return {@code attention_probs_dropout_prob}, 0 or more and below 1; 0.1 unless said
     */
    public double attentionProbsDropoutProb() {
        return attentionProbsDropoutProb;
    }

    /**
     * How likely dropout is before the classifier, if that was said.
     *
     * @return {@code classifier_dropout}; empty for the same as elsewhere, see {@link #headDropout}
     */
    public OptionalDouble classifierDropout() {
        return classifierDropout;
    }

    /**
     * How likely dropout is before the classifier.
     *
     * @return {@code classifier_dropout}, else {@code hidden_dropout_prob}
     */
    public double headDropout() {
        return classifierDropout.orElse(hiddenDropoutProb);
    }

    /**
     * The standard deviation of fresh parameters.
     *
     * @return {@code initializer_range}; 0.02 unless said
     */
    public double initializerRange() {
        return initializerRange;
    }

    /**
     * The token that inputs are filled up with; its embedding does not learn.
     *
     * @return {@code pad_token_id}; 0 unless said
     */
    public int padTokenId() {
        return padTokenId;
    }

    /**
     * The architecture.
     *
     * @return {@code model_type}; always {@code bert}
     */
    public String modelType() {
        return MODEL_TYPE;
    }

    /**
     * The labels the head was trained with.
     *
     * @return the labels, in the order of the logits; {@code LABEL_0} and so on if only their number is known; empty if
     *     not even that
     */
    public List<String> id2label() {
        return id2label;
    }

    /**
     * What the head was trained for.
     *
     * @return {@code single_label_classification}, {@code multi_label_classification} or {@code regression}; empty if
     *     it was not said
     */
    public String problemType() {
        return problemType;
    }

    /**
     * The sizes, for messages.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "BertConfig[vocabSize=" + vocabSize + ", hiddenSize=" + hiddenSize + ", numHiddenLayers="
                + numHiddenLayers + ", numAttentionHeads=" + numAttentionHeads + ", intermediateSize="
                + intermediateSize + ", maxPositionEmbeddings=" + maxPositionEmbeddings + "]";
    }

    /** Collects the values of a {@link BertConfig}. */
    public static final class Builder {
        private int vocabSize = 30522;
        private int hiddenSize = 768;
        private int numHiddenLayers = 12;
        private int numAttentionHeads = 12;
        private int intermediateSize = 3072;
        private String hiddenAct = GELU;
        private int maxPositionEmbeddings = 512;
        private int typeVocabSize = 2;
        private double layerNormEps = 1e-12;
        private double hiddenDropoutProb = 0.1;
        private double attentionProbsDropoutProb = 0.1;
        private OptionalDouble classifierDropout = OptionalDouble.empty();
        private double initializerRange = 0.02;
        private int padTokenId;
        private List<String> id2label = List.of();
        private String problemType = "";
        private JsonObject json = new JsonObject();

        private Builder() {}

        private Builder(BertConfig config) {
            vocabSize = config.vocabSize;
            hiddenSize = config.hiddenSize;
            numHiddenLayers = config.numHiddenLayers;
            numAttentionHeads = config.numAttentionHeads;
            intermediateSize = config.intermediateSize;
            hiddenAct = config.hiddenAct;
            maxPositionEmbeddings = config.maxPositionEmbeddings;
            typeVocabSize = config.typeVocabSize;
            layerNormEps = config.layerNormEps;
            hiddenDropoutProb = config.hiddenDropoutProb;
            attentionProbsDropoutProb = config.attentionProbsDropoutProb;
            classifierDropout = config.classifierDropout;
            initializerRange = config.initializerRange;
            padTokenId = config.padTokenId;
            id2label = config.id2label;
            problemType = config.problemType;
            json = config.json;
        }

        /**
         * Sets {@code vocab_size}; see {@link BertConfig#vocabSize}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder vocabSize(int value) {
            vocabSize = value;
            return this;
        }

        /**
         * Sets {@code hidden_size}; see {@link BertConfig#hiddenSize}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder hiddenSize(int value) {
            hiddenSize = value;
            return this;
        }

        /**
         * Sets {@code num_hidden_layers}; see {@link BertConfig#numHiddenLayers}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder numHiddenLayers(int value) {
            numHiddenLayers = value;
            return this;
        }

        /**
         * Sets {@code num_attention_heads}; see {@link BertConfig#numAttentionHeads}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder numAttentionHeads(int value) {
            numAttentionHeads = value;
            return this;
        }

        /**
         * Sets {@code intermediate_size}; see {@link BertConfig#intermediateSize}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder intermediateSize(int value) {
            intermediateSize = value;
            return this;
        }

        /**
         * Sets {@code hidden_act}; see {@link BertConfig#hiddenAct}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder hiddenAct(String value) {
            hiddenAct = value;
            return this;
        }

        /**
         * Sets {@code max_position_embeddings}; see {@link BertConfig#maxPositionEmbeddings}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder maxPositionEmbeddings(int value) {
            maxPositionEmbeddings = value;
            return this;
        }

        /**
         * Sets {@code type_vocab_size}; see {@link BertConfig#typeVocabSize}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder typeVocabSize(int value) {
            typeVocabSize = value;
            return this;
        }

        /**
         * Sets {@code layer_norm_eps}; see {@link BertConfig#layerNormEps}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder layerNormEps(double value) {
            layerNormEps = value;
            return this;
        }

        /**
         * Sets {@code hidden_dropout_prob}; see {@link BertConfig#hiddenDropoutProb}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder hiddenDropoutProb(double value) {
            hiddenDropoutProb = value;
            return this;
        }

        /**
         * Sets {@code attention_probs_dropout_prob}; see {@link BertConfig#attentionProbsDropoutProb}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder attentionProbsDropoutProb(double value) {
            attentionProbsDropoutProb = value;
            return this;
        }

        /**
         * Sets {@code classifier_dropout}; see {@link BertConfig#classifierDropout}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder classifierDropout(double value) {
            classifierDropout = OptionalDouble.of(value);
            return this;
        }

        /**
         * Sets {@code initializer_range}; see {@link BertConfig#initializerRange}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder initializerRange(double value) {
            initializerRange = value;
            return this;
        }

        /**
         * Sets {@code pad_token_id}; see {@link BertConfig#padTokenId}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder padTokenId(int value) {
            padTokenId = value;
            return this;
        }

        /**
         * Sets {@code id2label}; see {@link BertConfig#id2label}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder id2label(List<String> value) {
            id2label = value;
            return this;
        }

        /**
         * Sets {@code problem_type}; see {@link BertConfig#problemType}.
         *
         * @param value the value
         * @return this builder
         */
        public Builder problemType(String value) {
            problemType = value;
            return this;
        }

        /**
         * Checks the values.
         *
         * @return the configuration
         * @throws IllegalArgumentException if a value is not allowed; the message names it as {@code config.json} does
         */
        public BertConfig build() {
            return new BertConfig(this);
        }
    }
}
