package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * What a program may be run with: the names, types and shapes of its inputs and outputs. Every engine checks a run's
 * tensors here before native code sees them.
 */
public final class Arguments {
    private final String program;
    private final Map<String, Value> inputs;
    private final Map<String, Value> outputs;
    private final Map<String, String> overwrites;

    /**
     * What this program may be run with.
     *
     * @param program the program whose inputs, outputs and overwrites are declared
     */
    public Arguments(Program program) {
        this.program = program.name();
        this.inputs = program.inputs();
        this.outputs = program.outputs();
        this.overwrites = program.overwrites();
    }

    /**
     * Checks names, types and shapes.
     *
     * @param in a tensor for every input, by name
     * @param out a tensor for every output, by name
     * @throws IllegalArgumentException naming the tensor, what was expected and what was found
     */
    public void check(Map<String, DeviceTensor> in, Map<String, DeviceTensor> out) {
        Map<String, Long> dimensions = new HashMap<>();
        Map<String, String> known = new LinkedHashMap<>();
        check("input", inputs, in, dimensions, known);
        check("output", outputs, out, dimensions, known);
    }

    /**
     * An engine's own kind of tensor.
     *
     * @param kind the class of the engine's tensors
     * @param tensors the tensors, by name
     * @param <T> the engine's kind of tensor
     * @return the same tensors by the same names, in the same order
     * @throws IllegalArgumentException if one is of another engine
     */
    public <T extends DeviceTensor> Map<String, T> ofKind(Class<T> kind, Map<String, DeviceTensor> tensors) {
        Map<String, T> own = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (!kind.isInstance(tensor)) {
                throw new IllegalArgumentException(
                        "program " + program + ": tensor " + name + " belongs to another engine");
            }
            own.put(name, kind.cast(tensor));
        });
        return own;
    }

    /**
     * Checks that an output shares memory with nothing but the input it is declared to overwrite, and with that one
     * wholly.
     *
     * @param in the inputs, by name
     * @param out the outputs, by name
     * @param overlap whether two tensors share a byte
     * @param cover whether two tensors are the same bytes
     * @param <T> the engine's kind of tensor
     * @throws IllegalArgumentException naming the two that share memory
     */
    public <T> void requireApart(
            Map<String, T> in, Map<String, T> out, BiPredicate<T, T> overlap, BiPredicate<T, T> cover) {
        out.forEach((name, tensor) -> {
            String overwritten = overwrites.get(name);
            in.forEach((inputName, input) -> {
                boolean declared = inputName.equals(overwritten) && cover.test(tensor, input);
                if (!declared && overlap.test(tensor, input)) {
                    throw shared("output " + name, "input " + inputName);
                }
            });
            out.forEach((otherName, other) -> {
                if (name.compareTo(otherName) < 0 && overlap.test(tensor, other)) {
                    throw shared("output " + name, "output " + otherName);
                }
            });
        });
    }

    private IllegalArgumentException shared(String one, String other) {
        return new IllegalArgumentException("program " + program + ": " + one + " and " + other
                + " share memory, which the program does not declare");
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
