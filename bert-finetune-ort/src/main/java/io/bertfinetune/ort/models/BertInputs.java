package io.bertfinetune.ort.models;

import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;

/**
 * What BERT reads, under Hugging Face's names and in its layout.
 *
 * @param inputIds {@code [batch, sequence]} token ids
 * @param attentionMask {@code [batch, sequence]}, 1 for tokens and 0 for padding
 * @param tokenTypeIds {@code [batch, sequence]}, 0 for the first text and 1 for the second
 */
public record BertInputs(Value inputIds, Value attentionMask, Value tokenTypeIds) {
    /** The dimension of examples. */
    public static final Dim BATCH = Dim.named("batch");
    /** The dimension of positions. */
    public static final Dim SEQUENCE = Dim.named("sequence");
    /** Positions of all examples: the rows of the network. */
    public static final Dim ROWS = SEQUENCE.times(BATCH);

    /**
     * Declares the inputs of a graph.
     *
     * @param graph the graph to declare them in
     * @return three inputs of 64-bit whole numbers
     */
    public static BertInputs of(Graph graph) {
        Shape shape = Shape.of(BATCH, SEQUENCE);
        return new BertInputs(
                graph.input("input_ids", DataType.INT64, shape),
                graph.input("attention_mask", DataType.INT64, shape),
                graph.input("token_type_ids", DataType.INT64, shape));
    }
}
