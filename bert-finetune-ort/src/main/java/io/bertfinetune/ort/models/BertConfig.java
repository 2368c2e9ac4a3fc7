package io.bertfinetune.ort.models;

import com.google.gson.JsonObject;
import io.bertfinetune.error.ModelFormatException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The sizes and settings of a BERT: Hugging Face's {@code BertConfig}, read from and written to {@code config.json}.
 * Does not change.
 *
 * <p>What is not said is as in Hugging Face: bert-base-uncased. Everything is checked when the configuration is made,
 * so that whoever builds a network from it need not.
 */
public final class BertConfig {
    static final int MAX_VOCAB = 1 << 24;
    private static final int MAX_WIDTH = 1 << 16;
    private static final int MAX_LAYERS = 1 << 10;
    private static final int MAX_INTERMEDIATE = 1 << 20;
    private static final int MAX_POSITIONS = 1 << 20;
    private static final String GELU = "gelu";
    private static final Set<String> PROBLEM_TYPES =
            Set.of("regression", "single_label_classification", "multi_label_classification");

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
            return BertConfigJson.read(text);
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
        BertConfig config =
                toBuilder().id2label(labels).problemType(problemType).build();
        return BertConfigJson.write(config);
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

    /** The file it came from; empty if it came from none. */
    JsonObject json() {
        return json;
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

        /** The file that is read, so that what this class does not know is written back. */
        Builder json(JsonObject value) {
            json = value;
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
