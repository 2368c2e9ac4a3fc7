package io.bertfinetune.model;

import io.bertfinetune.data.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model computed on the way from one input to its answer: Hugging Face's {@code output_hidden_states} and
 * {@code output_attentions}, for one input, without dropout. The numbers are copies; they stay when the model trains on.
 *
 * <p>A row of an attention is the token that looks, a column the token that is looked at, as in Hugging Face and in the
 * paper's own code: {@code [head, from, to]} is how much of what token {@code from} reads comes from token {@code to}.
 * Each row sums to 1. Nothing comes from padding: its columns are exactly 0. The rows of padding are computed too, and
 * mean nothing.
 *
 * @param tokens the tokens, special ones and padding included: entries of the vocabulary
 * @param hiddenStates one {@code [tokens, hidden]} more than there are layers: first what the embeddings gave, then what
 *     each layer made of it
 * @param attentions one {@code [heads, from, to]} for each layer, after softmax
 * @param outputs what the head computed, by Hugging Face's name, without the dimension of the batch: {@code logits}
 *     {@code [labels]} for a classification
 */
public record Trace(
        List<String> tokens, List<Tensor> hiddenStates, List<Tensor> attentions, Map<String, Tensor> outputs) {
    /**
     * Copies the lists and checks that the shapes belong together.
     *
     * @param tokens the tokens, special ones and padding included: entries of the vocabulary
     * @param hiddenStates one {@code [tokens, hidden]} more than there are layers: first what the embeddings gave, then
     *     what each layer made of it
     * @param attentions one {@code [heads, from, to]} for each layer, after softmax
     * @param outputs what the head computed, by Hugging Face's name, without the dimension of the batch: {@code logits}
     *     {@code [labels]} for a classification
     * @throws IllegalArgumentException if a shape does not fit the number of tokens or the other layers
     */
    public Trace {
        tokens = List.copyOf(tokens);
        hiddenStates = List.copyOf(hiddenStates);
        attentions = List.copyOf(attentions);
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        if (hiddenStates.size() != attentions.size() + 1) {
            throw new IllegalArgumentException("Trace: " + hiddenStates.size() + " hidden states and "
                    + attentions.size() + " attentions, expected one hidden state more: that of the embeddings");
        }
        requireShapes("hidden state", hiddenStates, "[tokens, hidden]", tokens.size(), 0);
        requireShapes("attention", attentions, "[heads, from, to]", tokens.size(), 1, 2);
    }

    /** Refuses layers that do not have a token in each of these dimensions, or not the shape of the first. */
    private static void requireShapes(String what, List<Tensor> layers, String expected, int tokens, int... dims) {
        for (int i = 0; i < layers.size(); i++) {
            List<Integer> shape = layers.get(i).shape();
            if (shape.size() != dims.length + 1
                    || !shape.equals(layers.get(0).shape())
                    || Arrays.stream(dims).anyMatch(dim -> shape.get(dim) != tokens)) {
                throw new IllegalArgumentException("Trace: " + what + " " + i + " has shape " + shape + ", expected "
                        + expected + " with " + tokens + " tokens, the same in every layer");
            }
        }
    }

    /**
     * What the head says before softmax.
     *
     * @return the output {@code logits}
     * @throws IllegalStateException if the head calls its outputs otherwise; the message lists them
     */
    public Tensor logits() {
        Tensor logits = outputs.get("logits");
        if (logits == null) {
            throw new IllegalStateException("Trace: the head has no output 'logits'; there are " + outputs.keySet());
        }
        return logits;
    }

    /**
     * The tokens and how many layers looked at them, for messages.
     *
     * @return {@code Trace[5 layers of [[CLS], fine, ., [SEP]]]}
     */
    @Override
    public String toString() {
        return "Trace[" + attentions.size() + " layers of " + tokens + "]";
    }
}
