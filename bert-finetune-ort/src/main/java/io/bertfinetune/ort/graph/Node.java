package io.bertfinetune.ort.graph;

import java.util.List;
import java.util.stream.IntStream;

/** One operator applied. Has identity: two nodes of a graph are never alike, for the graph keeps one of each. */
public final class Node {
    private final Op op;
    private final List<Value> inputs;
    private final Attribute attribute;
    private final List<Value> outputs;

    Node(Graph graph, Op op, List<Value> inputs, Attribute attribute, DataType type, List<Shape> shapes) {
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.attribute = attribute;
        this.outputs = IntStream.range(0, shapes.size())
                .mapToObj(index -> Value.of(graph, this, index, type, shapes.get(index)))
                .toList();
    }

    /**
     * What is applied.
     *
     * @return the operator
     */
    public Op op() {
        return op;
    }

    /**
     * What it is applied to.
     *
     * @return the inputs, in the operator's order
     */
    public List<Value> inputs() {
        return inputs;
    }

    /**
     * One of the values it is applied to.
     *
     * @param index its number, from 0
     * @return the input
     */
    public Value in(int index) {
        return inputs.get(index);
    }

    /**
     * What comes out; gradients flow through the first alone.
     *
     * @return the outputs, in the operator's order
     */
    public List<Value> outputs() {
        return outputs;
    }

    /**
     * The first of what comes out.
     *
     * @return the first output
     */
    public Value output() {
        return outputs.get(0);
    }

    /**
     * What the operator is told beside its inputs.
     *
     * @param kind the class of the attribute
     * @param <A> the kind of attribute
     * @return the attribute
     */
    public <A extends Attribute> A attribute(Class<A> kind) {
        return kind.cast(attribute);
    }

    /**
     * The same operator applied to other values of the same shapes, of this or another graph.
     *
     * @param others as many values as there are inputs
     * @return the new node, or one that is already there
     */
    public Node on(List<Value> others) {
        List<Shape> shapes = outputs.stream().map(Value::shape).toList();
        return others.get(0).graph().node(op, others, attribute, output().type(), shapes);
    }

    /**
     * The same operator applied to values of another type of number, which its outputs then have.
     *
     * @param others as many values as there are inputs, of the inputs' shapes
     * @param type the type of the outputs
     * @return the new node, or one that is already there
     */
    public Node onTypes(List<Value> others, DataType type) {
        List<Shape> shapes = outputs.stream().map(Value::shape).toList();
        return others.get(0).graph().node(op, others, attribute, type, shapes);
    }

    Attribute attribute() {
        return attribute;
    }

    @Override
    public String toString() {
        return op.onnxName() + inputs;
    }
}
