package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;

/**
 * What an engine with operators of its own computes whole: GELU and LayerNorm that are trained, and their gradients. Those that
 * only predict are written as operators of ONNX Runtime.
 */
final class Trained {
    private Trained() {}

    /** Whether the node stays as it is. */
    static boolean isWhole(Node node, Pass.Readers readers) {
        return switch (node.op()) {
            case GELU_GRAD, LAYER_NORM_GRAD -> true;
            case GELU ->
                readers.of(node.in(0)).stream()
                        .anyMatch(reader ->
                                reader.op() == Op.GELU_GRAD && reader.in(1).equals(node.in(0)));
            case LAYER_NORM ->
                readers.of(node.outputs().get(1)).stream().anyMatch(reader -> reader.op() == Op.LAYER_NORM_GRAD);
            default -> false;
        };
    }
}
