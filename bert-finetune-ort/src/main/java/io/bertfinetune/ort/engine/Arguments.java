package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a program may be run with: the names, types and shapes of its inputs and outputs. Every engine checks a run's
 * tensors here before native code sees them.
 */
final class Arguments {
    private final String program;
    private final Map<String, Value> inputs;
    private final Map<String, Value> outputs;

    Arguments(Program program) {
        this.program = program.name();
        this.inputs = program.inputs();
        this.outputs = program.outputs();
    }

    /** Checks a run. */
    void check(Map<String, DeviceTensor> in, Map<String, DeviceTensor> out) {
        Map<String, Long> dimensions = new HashMap<>();
        Map<String, String> known = new LinkedHashMap<>();
        check("input", inputs, in, dimensions, known);
        check("output", outputs, out, dimensions, known);
    }

    private void check(
            String role,
            Map<String, Value> expected,
            Map<String, DeviceTensor> found,
            Map<String, Long> dimensions,
            Map<String, String> known) {
        if (!found.keySet().equals(expected.keySet())) {
            List<String> missing = expected.keySet().stream()
                    .filter(name -> !found.containsKey(name))
                    .toList();
            List<String> unknown = found.keySet().stream()
                    .filter(name -> !expected.containsKey(name))
                    .toList();
            throw new IllegalArgumentException("program " + program + ": " + role + "s missing " + missing
                    + ", unknown " + unknown + "; expected " + expected.keySet());
        }
        // Bare names first: a product of names can only be checked when they are known.
        expected.forEach((name, value) -> learn(name, value, found(found, name), dimensions, known));
        expected.forEach((name, value) -> check(role, name, value, found(found, name), dimensions, known));
    }

    private static void learn(
            String name, Value value, DeviceTensor tensor, Map<String, Long> dimensions, Map<String, String> known) {
        for (int axis = 0; axis < Math.min(value.shape().rank(), tensor.shape().size()); axis++) {
            Dim dim = value.shape().dim(axis);
            if (dim.factor() == 1 && dim.names().size() == 1) {
                if (dimensions.putIfAbsent(dim.names().get(0), tensor.shape().get(axis)) == null) {
                    known.put(dim.names().get(0), name);
                }
            }
        }
    }

    private void check(
            String role,
            String name,
            Value value,
            DeviceTensor tensor,
            Map<String, Long> dimensions,
            Map<String, String> known) {
        boolean fits = tensor.type() == value.type()
                && tensor.shape().size() == value.shape().rank();
        for (int axis = 0; fits && axis < value.shape().rank(); axis++) {
            fits = value.shape().dim(axis).size(dimensions) == tensor.shape().get(axis);
        }
        if (!fits) {
            throw new IllegalArgumentException("program " + program + ": " + role + " " + name + " is " + tensor.type()
                    + tensor.shape() + ", expected " + value.type() + value.shape() + where(value, dimensions, known));
        }
    }

    private static String where(Value value, Map<String, Long> dimensions, Map<String, String> known) {
        StringBuilder where = new StringBuilder();
        value.shape().dims().stream()
                .flatMap(dim -> dim.names().stream())
                .distinct()
                .filter(known::containsKey)
                .forEach(name -> where.append(where.length() == 0 ? " with " : ", ")
                        .append(name)
                        .append(" ")
                        .append(dimensions.get(name))
                        .append(" as in ")
                        .append(known.get(name)));
        return where.toString();
    }

    private static DeviceTensor found(Map<String, DeviceTensor> tensors, String name) {
        return java.util.Objects.requireNonNull(tensors.get(name), name);
    }
}
