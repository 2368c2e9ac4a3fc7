package io.bertfinetune.ort.capi;

import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.util.List;

/** Puts an operator that no build knows in place of every other. */
final class Unknown {
    private Unknown() {}

    static OnnxModel operator(OnnxModel model) {
        OnnxGraph graph = model.graph();
        List<OnnxNode> nodes = graph.nodes().stream()
                .map(node -> new OnnxNode(
                        node.name(), "NoSuchOperator", "", node.inputs(), node.outputs(), node.attributes()))
                .toList();
        return new OnnxModel(
                new OnnxGraph(graph.name(), nodes, graph.inputs(), graph.outputs(), graph.initializers()),
                model.irVersion(),
                model.opsets());
    }
}
