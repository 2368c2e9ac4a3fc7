package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One rewriting of a program that keeps its meaning. A pass says what becomes of a node; the walk is here. */
abstract class Pass {
    /** What this node's output becomes, given its rewritten inputs; empty to keep the node. */
    Optional<Value> rewrite(Node node, List<Value> inputs, Readers readers) {
        return Optional.empty();
    }

    /** The same for a node of several outputs: what all of them become; none to keep the node. */
    List<Value> rewriteAll(Node node, List<Value> inputs, Readers readers) {
        return rewrite(node, inputs, readers).map(List::of).orElse(List.of());
    }

    /** The name it is switched off by. */
    final String name() {
        return getClass().getSimpleName();
    }

    /** The program rewritten, node by node, into a new graph. */
    final Program apply(Program program) {
        Graph graph = new Graph();
        Map<Value, Value> rewritten = new HashMap<>();
        program.graph()
                .inputs()
                .forEach((name, input) -> rewritten.put(input, graph.input(name, input.type(), input.shape())));
        List<Node> nodes = program.graph().nodesFor(program.outputs().values());
        Readers readers = new Readers(nodes, program);
        for (Node node : nodes) {
            List<Value> inputs = node.inputs().stream()
                    .map(value -> moved(value, graph, rewritten))
                    .toList();
            List<Value> replaced = rewriteAll(node, inputs, readers);
            List<Value> outputs = replaced.isEmpty() ? node.on(inputs).outputs() : replaced;
            for (int i = 0; i < outputs.size(); i++) {
                rewritten.put(node.outputs().get(i), outputs.get(i));
            }
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        program.outputs().forEach((name, value) -> outputs.put(name, moved(value, graph, rewritten)));
        return new Program(program.name(), outputs, program.overwrites());
    }

    private static Value moved(Value value, Graph graph, Map<Value, Value> rewritten) {
        return rewritten.computeIfAbsent(value, constant -> graph.constant(constant.shape(), constant.literal()));
    }

    /** Who reads each value of the program being rewritten, and which are written over an input. */
    static final class Readers {
        private final Map<Value, Integer> count = new HashMap<>();
        private final Map<Value, List<Node>> readers = new HashMap<>();
        private final Set<Value> outputs = new HashSet<>();
        private final Set<Value> overwriting = new HashSet<>();

        Readers(List<Node> nodes, Program program) {
            nodes.forEach(node -> node.inputs().forEach(value -> read(value, node)));
            outputs.addAll(program.outputs().values());
            program.outputs().forEach((name, value) -> {
                read(value);
                if (program.overwrites().containsKey(name)) {
                    overwriting.add(value);
                }
            });
        }

        /** Whether the value is written over an input: what computes it must stay element by element. */
        boolean overwrites(Value value) {
            return overwriting.contains(value);
        }

        /** Whether one node reads the value, once, and it is no output. */
        boolean isReadOnce(Value value) {
            return count.getOrDefault(value, 0) == 1;
        }

        /** The nodes that read the value, one for each time. */
        List<Node> of(Value value) {
            return readers.getOrDefault(value, List.of());
        }

        /** Whether a node reads the value, or it is an output. */
        boolean isRead(Value value) {
            return count.containsKey(value);
        }

        /** Whether the value is an output of the program. */
        boolean isOutput(Value value) {
            return outputs.contains(value);
        }

        private void read(Value value, Node reader) {
            read(value);
            readers.computeIfAbsent(value, v -> new ArrayList<>()).add(reader);
        }

        private void read(Value value) {
            count.merge(value, 1, Integer::sum);
        }
    }

    /** The number of a constant scalar, if that is what the value is. */
    static Optional<Double> scalar(Value value) {
        return value.isConstant() && value.shape().rank() == 0 ? Optional.of(value.literal()[0]) : Optional.empty();
    }
}
