package io.bertfinetune.ort.onnx;

import java.util.List;

/**
 * The operators of a model, in an order in which they can run, and what they begin with.
 *
 * @param name its name; ONNX wants one that is not empty
 * @param nodes the operators, each after those whose outputs it reads
 * @param inputs what is given at each run; models of IR version 3 list their initializers here too
 * @param outputs what each run answers
 * @param initializers constants and parameters
 */
public record OnnxGraph(
        String name,
        List<OnnxNode> nodes,
        List<OnnxValueInfo> inputs,
        List<OnnxValueInfo> outputs,
        List<Initializer> initializers) {
    /**
     * Copies the lists.
     *
     * @param name its name
     * @param nodes the operators, in an order in which they can run
     * @param inputs what is given at each run
     * @param outputs what each run answers
     * @param initializers constants and parameters
     */
    public OnnxGraph {
        nodes = List.copyOf(nodes);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        initializers = List.copyOf(initializers);
    }
}
