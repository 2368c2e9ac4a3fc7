package io.bertfinetune.ort.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nodes in the order they were built, which is an order they can run in. A node that is already there is not built
 * twice: what is written twice is computed once.
 */
public final class Graph {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Key, Node> known = new HashMap<>();
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final Map<List<Object>, Value> constants = new HashMap<>();

    /**
     * A value given when the graph runs.
     *
     * @param name its name, which no other input has
     * @param type the kind of number
     * @param shape its shape
     * @return the input
     */
    public Value input(String name, DataType type, Shape shape) {
        if (inputs.containsKey(name)) {
            throw new IllegalArgumentException("graph input '" + name + "' is there already");
        }
        Value input = Value.input(this, name, type, shape);
        inputs.put(name, input);
        return input;
    }

    /**
     * Numbers known when the graph is built.
     *
     * @param shape its shape
     * @param numbers the numbers, row by row
     * @return the constant
     */
    public Value constant(Shape shape, double... numbers) {
        if (shape.size().size() != numbers.length) {
            throw new IllegalArgumentException("constant: shape " + shape + " and " + numbers.length + " numbers");
        }
        List<Object> key =
                List.of(shape, java.util.Arrays.stream(numbers).boxed().toList());
        return constants.computeIfAbsent(key, k -> Value.constant(this, shape, numbers));
    }

    /**
     * One number known when the graph is built.
     *
     * @param number the number
     * @return a scalar
     */
    public Value constant(double number) {
        return constant(Shape.SCALAR, number);
    }

    /**
     * The nodes, each after those whose outputs it reads.
     *
     * @return the nodes
     */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /**
     * The inputs by name, in the order they were declared.
     *
     * @return the inputs
     */
    public Map<String, Value> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    /**
     * The nodes that these values need, in an order they can run in.
     *
     * @param outputs values of this graph
     * @return the nodes
     */
    public List<Node> nodesFor(Collection<Value> outputs) {
        Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Value output : outputs) {
            output.producer().ifPresent(needed::add);
        }
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (needed.contains(nodes.get(i))) {
                nodes.get(i).inputs().forEach(input -> input.producer().ifPresent(needed::add));
            }
        }
        return nodes.stream().filter(needed::contains).toList();
    }

    /** One operator applied; package-private, for the catalogue in {@link Value} is the only way to build. */
    Node node(Op op, List<Value> in, Attribute attribute, DataType type, List<Shape> shapes) {
        for (Value value : in) {
            if (value.graph() != this) {
                throw new IllegalArgumentException(op.onnxName() + ": " + value + " belongs to another graph");
            }
        }
        return known.computeIfAbsent(new Key(op, in, attribute), key -> {
            Node node = new Node(this, op, in, attribute, type, shapes);
            nodes.add(node);
            return node;
        });
    }

    private record Key(Op op, List<Value> inputs, Attribute attribute) {}
}
