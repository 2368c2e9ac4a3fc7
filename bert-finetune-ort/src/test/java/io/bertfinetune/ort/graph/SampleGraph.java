package io.bertfinetune.ort.graph;

import io.bertfinetune.ort.graph.OpSample.Fill;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph with filled inputs, in which a sample is built. */
final class SampleGraph {
    private final Graph graph = new Graph();
    private final Map<String, Fill> fills = new LinkedHashMap<>();

    /** Numbers around zero. */
    Value normal(String name, Shape shape) {
        return filled(name, shape, random -> random.nextGaussian());
    }

    /** An input of floats filled like this. */
    Value filled(String name, Shape shape, Fill fill) {
        fills.put(name, fill);
        return graph.input(name, DataType.FLOAT, shape);
    }

    /** Ids from 0 to before {@code count}. */
    Value ids(String name, Shape shape, int count) {
        fills.put(name, random -> random.nextInt(count));
        return graph.input(name, DataType.INT64, shape);
    }

    Value constant(double number) {
        return graph.constant(number);
    }

    OpSample sample(String name, Op op, Value y, Value... differentiable) {
        return sample(name, op, Map.of("y", y), differentiable);
    }

    OpSample sample(String name, Op op, Map<String, Value> outputs, Value... differentiable) {
        Value y = outputs.get("y");
        List<Node> found = graph.nodesFor(List.of(y)).stream()
                .filter(node -> node.op() == op)
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException("sample " + name + ": " + found + ", expected one node of " + op);
        }
        Value loss = y.cast(DataType.FLOAT).times(normal("weights", y.shape())).sum();
        return new OpSample(name, found.get(0), outputs, loss, fills, List.of(differentiable));
    }
}
