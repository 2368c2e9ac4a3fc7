package io.bertfinetune.ort.heads;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.models.BertEncoder;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.nn.Scope;
import io.bertfinetune.text.Padding;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * What a task needs on top of the encoder: the graph of the head, its loss, its collator, and how its output becomes
 * predictions.
 *
 * @param <I> input
 * @param <L> label
 * @param <P> prediction
 */
public interface TaskHead<I, L, P> {
    /**
     * Which hidden states it reads.
     *
     * @return the rows of the last layer that {@link #outputs} is given
     */
    BertEncoder.Reads reads();

    /**
     * Its outputs.
     *
     * @param p the scope of the whole network
     * @param hidden what {@link BertEncoder#encode} answers for {@link #reads}
     * @param dropout dropout between encoder and head
     * @return the outputs by name, {@code logits} for instance; the first dimension of each is the batch
     */
    Map<String, Value> outputs(Scope p, Value hidden, Dropout dropout);

    /**
     * The inputs that carry labels; none of them is needed for prediction.
     *
     * @param graph the graph to declare them in
     * @return the inputs by name
     */
    Map<String, Value> targets(Graph graph);

    /**
     * The loss of a batch, summed over its items.
     *
     * @param outputs what {@link #outputs} answered
     * @param targets what {@link #targets} answered
     * @return a scalar
     */
    Value lossSum(Map<String, Value> outputs, Map<String, Value> targets);

    /**
     * The loss of a batch in training, summed over its items.
     *
     * @param outputs what {@link #outputs} answered
     * @param targets what {@link #targets} answered
     * @param smoothing how much of each label is spread over all labels, 0 to below 1
     * @return a scalar
     * @throws IllegalArgumentException if it is above 0 and the task has no labels to choose from
     */
    default Value lossSum(Map<String, Value> outputs, Map<String, Value> targets, double smoothing) {
        if (smoothing > 0) {
            throw new IllegalArgumentException("labelSmoothingFactor is " + smoothing
                    + ", expected 0: there are no labels to smooth in a task of type " + problemType());
        }
        return lossSum(outputs, targets);
    }

    /**
     * How many items a batch has: examples, or labelled tokens; the sum of their weights, if they have any.
     *
     * @param batch a batch with labels
     * @return what the summed loss is divided by for its mean
     */
    double items(Batch<?> batch);

    /**
     * Checks the numbers of a batch's labels before native code sees them.
     *
     * @param batch a batch with labels
     * @throws IllegalArgumentException naming the label, its place and what is allowed
     */
    void checkTargets(Batch<?> batch);

    /**
     * Makes batches with labels.
     *
     * @param encoder makes token ids of texts
     * @param padding how far rows are filled up
     * @return what makes them
     */
    Collator<Example<I, L>> collator(TextEncoder encoder, Padding padding);

    /**
     * Makes batches without labels, for prediction.
     *
     * @param encoder makes token ids of texts
     * @return what makes them
     */
    Collator<I> inputCollator(TextEncoder encoder);

    /**
     * How long an input is, to put inputs of similar length together.
     *
     * @param input the input
     * @param encoder makes token ids of texts
     * @return what grows with its tokens, its characters for instance
     */
    int length(I input, TextEncoder encoder);

    /**
     * What the outputs say about each input.
     *
     * @param inputs the inputs, in the order of the batch
     * @param outputs the numbers of each output, row by row
     * @return one prediction for each input, in the same order
     */
    List<P> decode(List<? extends I> inputs, Map<String, FloatBuffer> outputs);

    /**
     * The labels, in the order of their ids, for {@code config.json}; empty if the task has none.
     *
     * @return the labels
     */
    List<String> labels();

    /**
     * Hugging Face's {@code problem_type} for {@code config.json}.
     *
     * @return {@code single_label_classification} for instance
     */
    String problemType();
}
