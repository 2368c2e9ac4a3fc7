package io.bertfinetune.ort.models;

import static io.bertfinetune.ort.models.BertInputs.BATCH;
import static io.bertfinetune.ort.models.BertInputs.ROWS;
import static io.bertfinetune.ort.models.BertInputs.SEQUENCE;
import static io.bertfinetune.ort.nn.Layers.layerNorm;
import static io.bertfinetune.ort.nn.Layers.linear;
import static io.bertfinetune.ort.nn.Layers.table;

import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.nn.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * BERT (Devlin et al., 2018), Hugging Face's {@code BertModel} without the pooler. Parameter names are those of the
 * checkpoint.
 *
 * <p>Inside, rows run position by position, not example by example: row {@code position · batch + example}. Heads are then
 * reached by stride without copying, and the first tokens of all examples are simply the first rows.
 *
 * @param config sizes and rates
 * @param dropout where masks come from
 */
public record BertEncoder(BertConfig config, Dropout dropout) {
    /** What is added to the score of a masked position: low enough that softmax makes it exactly zero. */
    private static final double MASKED = -1e9;

    /** Which rows a head reads; the last layer computes no others. */
    public enum Reads {
        /** The first token of each example, {@code [CLS]}: {@code [batch, hidden]}. */
        FIRST_TOKEN,
        /** All of them: {@code [sequence·batch, hidden]}. */
        EVERY_TOKEN
    }

    /**
     * All that the encoder computes.
     *
     * @param hiddenStates {@code [sequence·batch, hidden]} after the embeddings and after each layer
     * @param attentions {@code [batch, heads, to, from]} in each layer
     */
    public record Inside(List<Value> hiddenStates, List<Value> attentions) {
        /**
         * What a head reads of the last layer.
         *
         * @param reads which rows it reads
         * @return {@code [batch, hidden]} or {@code [sequence·batch, hidden]}
         */
        public Value last(Reads reads) {
            Value last = hiddenStates.get(hiddenStates.size() - 1);
            return reads == Reads.FIRST_TOKEN ? last.rows(0, BATCH) : last;
        }
    }

    /**
     * The hidden states a head reads.
     *
     * @param p the part of the network that is the encoder
     * @param in what it reads
     * @param reads which rows of the last layer are wanted
     * @return {@code [batch, hidden]} or {@code [sequence·batch, hidden]}
     */
    public Value encode(Scope p, BertInputs in, Reads reads) {
        Value mask = additive(in.attentionMask());
        Value x = embeddings(p.at("embeddings"), in);
        int last = config.numHiddenLayers() - 1;
        for (int i = 0; i < last; i++) {
            x = layer(p.at("encoder.layer." + i), x, SEQUENCE, mask, attention -> {});
        }
        Dim positions = reads == Reads.FIRST_TOKEN ? Dim.ONE : SEQUENCE;
        return layer(p.at("encoder.layer." + last), x, positions, mask, attention -> {});
    }

    /**
     * The hidden states and attentions of every layer, at every position.
     *
     * @param p the part of the network that is the encoder
     * @param in what it reads
     * @return the values of every layer, in the order of the layers
     */
    public Inside inside(Scope p, BertInputs in) {
        Value mask = additive(in.attentionMask());
        Value x = embeddings(p.at("embeddings"), in);
        List<Value> hiddenStates = new ArrayList<>(List.of(x));
        List<Value> attentions = new ArrayList<>();
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            x = layer(p.at("encoder.layer." + i), x, SEQUENCE, mask, attentions::add);
            hiddenStates.add(x);
        }
        return new Inside(hiddenStates, attentions);
    }

    private Value embeddings(Scope p, BertInputs in) {
        int width = config.hiddenSize();
        Value words = table(p.at("word_embeddings"), config.vocabSize(), width)
                .gather(in.inputIds().transpose(1, 0));
        Value positions = table(p.at("position_embeddings"), config.maxPositionEmbeddings(), width)
                .rows(0, SEQUENCE)
                .reshape(Shape.of(SEQUENCE, Dim.ONE, Dim.of(width)));
        Value types = table(p.at("token_type_embeddings"), config.typeVocabSize(), width)
                .gather(in.tokenTypeIds().transpose(1, 0));
        Value sum = words.plus(types).plus(positions).reshape(Shape.of(ROWS, Dim.of(width)));
        return dropout.apply(layerNorm(p.at("LayerNorm"), sum, config.layerNormEps()), config.hiddenDropoutProb());
    }

    /** One layer, of which only the first {@code positions} are wanted; they attend to all. */
    private Value layer(Scope p, Value x, Dim positions, Value mask, Consumer<Value> attention) {
        Value wanted = x.rows(0, positions.times(BATCH));
        Value attended = selfAttention(p.at("attention.self"), wanted, positions, x, mask, attention);
        Value y = addAndNorm(p.at("attention.output"), attended, wanted);
        Value inner =
                linear(p.at("intermediate.dense"), y, config.intermediateSize()).gelu();
        return addAndNorm(p.at("output"), inner, y);
    }

    private Value selfAttention(Scope p, Value wanted, Dim positions, Value x, Value mask, Consumer<Value> attention) {
        int width = config.hiddenSize();
        Value queries = heads(linear(p.at("query"), wanted, width), positions);
        Value keys = heads(linear(p.at("key"), x, width), SEQUENCE);
        Value values = heads(linear(p.at("value"), x, width), SEQUENCE);
        double scale = 1 / Math.sqrt((double) width / config.numAttentionHeads());
        Value scores = queries.headScores(keys, scale).plus(mask); // [batch, heads, to, from]
        attention.accept(scores.softmax());
        return scores.attend(values, dropout.mask(scores, config.attentionProbsDropoutProb()))
                .reshape(wanted.shape());
    }

    private Value addAndNorm(Scope p, Value x, Value residual) {
        Value projected = dropout.apply(linear(p.at("dense"), x, config.hiddenSize()), config.hiddenDropoutProb());
        return layerNorm(p.at("LayerNorm"), projected.plus(residual), config.layerNormEps());
    }

    /** [positions·batch, hidden] to [positions, batch, heads, width]. */
    private Value heads(Value x, Dim positions) {
        int heads = config.numAttentionHeads();
        return x.reshape(Shape.of(positions, BATCH, Dim.of(heads), Dim.of(config.hiddenSize() / heads)));
    }

    /** 1 and 0 to 0 and a number so low that softmax makes it zero, [batch, 1, 1, sequence]. */
    private static Value additive(Value attentionMask) {
        return attentionMask
                .cast(DataType.FLOAT)
                .plus(-1)
                .times(-MASKED)
                .reshape(Shape.of(BATCH, Dim.ONE, Dim.ONE, SEQUENCE));
    }
}
