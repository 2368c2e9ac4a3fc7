package io.bertfinetune.ort.training;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Looks for the tensor in which NaN or infinity began. */
final class FirstNonFinite {
    private FirstNonFinite() {}

    /** The first weight, in the order of the network. */
    static Optional<String> weight(ParameterStore values) {
        return among(values, values.names()).map(name -> "weight " + name);
    }

    /** The first gradient of the backward pass: the last in the order of the network. */
    static Optional<String> gradient(ParameterStore sums) {
        List<String> names = new java.util.ArrayList<>(sums.names());
        Collections.reverse(names);
        return among(sums, names).map(name -> "the gradient of " + name);
    }

    private static Optional<String> among(ParameterStore store, List<String> names) {
        return names.stream()
                .filter(name -> {
                    boolean[] found = new boolean[1];
                    store.read(name, numbers -> found[0] = isIn(numbers));
                    return found[0];
                })
                .findFirst();
    }

    /**
     * The first operator of the forward pass that puts one out, named by the parameter read last before it. Runs the forward
     * pass once more, in the precision in which it failed. What an operator puts out stays where it is: x − x is a sum of
     * zeros where x is finite, and NaN where it is not.
     *
     * @param inputs those of the pass that failed, masks included
     */
    static Optional<String> output(
            Engine engine, Precision precision, StepGraph graph, Map<String, DeviceTensor> inputs) {
        Value loss = Objects.requireNonNull(graph.program().outputs().get(StepGraph.LOSS));
        List<Node> forward = loss.graph().nodesFor(List.of(loss)).stream()
                .filter(node -> node.output().type() == DataType.FLOAT)
                .toList();
        Map<String, Value> wanted = new LinkedHashMap<>();
        for (int i = 0; i < forward.size(); i++) {
            Value x = forward.get(i).output();
            wanted.put("node." + i, x.minus(x).sum());
        }
        Program program = Program.of("search for what is not finite", wanted);
        Map<String, DeviceTensor> fed = new HashMap<>(inputs);
        fed.keySet().retainAll(program.inputs().keySet());
        Map<Node, String> places = places(loss.graph().nodesFor(List.of(loss)), graph.parameters());
        try (Executable search = engine.compile(program, precision);
                Reusable memory = new Reusable(engine)) {
            Map<String, DeviceTensor> found = new LinkedHashMap<>();
            wanted.keySet().forEach(name -> found.put(name, memory.get(name, DataType.FLOAT)));
            search.run(fed, found);
            for (int i = 0; i < forward.size(); i++) {
                if (isIn(ParameterStore.numbers(Objects.requireNonNull(found.get("node." + i))))) {
                    Node node = forward.get(i);
                    return Optional.of("the output of " + node.op() + " at " + places.get(node));
                }
            }
        }
        return Optional.empty();
    }

    /** For each node the parameter it reads, else that of what it goes on from. */
    private static Map<Node, String> places(List<Node> nodes, Map<String, Value> parameters) {
        Map<Value, String> names = new HashMap<>();
        parameters.forEach((name, value) -> names.put(value, name));
        Map<Node, String> places = new HashMap<>();
        for (Node node : nodes) {
            String own = node.inputs().stream()
                    .filter(names::containsKey)
                    .map(names::get)
                    .reduce("", (a, b) -> b);
            String before = node.inputs().stream()
                    .flatMap(input -> input.producer().stream())
                    .map(producer -> places.getOrDefault(producer, ""))
                    .filter(place -> !place.isEmpty())
                    .findFirst()
                    .orElse("the inputs");
            places.put(node, own.isEmpty() ? before : own);
        }
        return places;
    }

    private static boolean isIn(FloatBuffer numbers) {
        while (numbers.hasRemaining()) {
            if (!Float.isFinite(numbers.get())) {
                return true;
            }
        }
        return false;
    }
}
