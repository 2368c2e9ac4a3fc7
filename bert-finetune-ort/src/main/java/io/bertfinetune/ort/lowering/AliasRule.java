package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * When an output may be written over the memory of an input. An engine does not know that the two are one and may run
 * nodes in any order their data allows, so the node that writes must come after every other reader of the input by
 * data, and must read and write element by element.
 */
public final class AliasRule {
    private static final Set<String> ELEMENTWISE =
            Set.of("Add", "Sub", "Mul", "Div", "Max", "Sqrt", "Exp", "Tanh", "Erf", "Sign", "Abs");

    private final List<Step> steps;
    private final Map<Object, Step> producers = new HashMap<>();
    private final Function<String, Object> output;
    private final Function<String, Object> input;

    /** A node, of whichever kind of graph. */
    private record Step(String name, String op, List<?> reads, List<?> writes) {}

    private AliasRule(List<Step> steps, Function<String, Object> output, Function<String, Object> input) {
        this.steps = steps;
        this.output = output;
        this.input = input;
        steps.forEach(step -> step.writes().forEach(value -> producers.put(value, step)));
    }

    /**
     * The rule for a program before it is lowered.
     *
     * @param program the program
     * @return the rule, for the names of the program's outputs and inputs
     */
    public static AliasRule of(Program program) {
        List<Node> nodes = program.graph().nodesFor(program.outputs().values());
        return new AliasRule(
                nodes.stream()
                        .map(node -> new Step(node.toString(), node.op().onnxName(), node.inputs(), node.outputs()))
                        .toList(),
                name -> Objects.requireNonNull(program.outputs().get(name), name),
                name -> Objects.requireNonNull(program.graph().inputs().get(name), name));
    }

    /**
     * The rule for an ONNX model.
     *
     * @param model the model
     * @return the rule, for the names of the model's outputs and inputs
     */
    public static AliasRule of(OnnxModel model) {
        List<OnnxNode> nodes = model.graph().nodes();
        return new AliasRule(
                nodes.stream()
                        .map(node -> new Step(node.name(), node.opType(), node.inputs(), node.outputs()))
                        .toList(),
                name -> name,
                name -> name);
    }

    /**
     * Checks every overwrite.
     *
     * @param overwrites for an output, the input whose memory it is written over
     * @throws IllegalArgumentException naming the node that writes and the one that may still read
     */
    public void check(Map<String, String> overwrites) {
        overwrites.forEach((out, in) -> violation(out, in).ifPresent(why -> {
            throw new IllegalArgumentException("output " + out + " may not overwrite input " + in + ": " + why);
        }));
    }

    /**
     * Why an output may not be written over an input; empty if it may.
     *
     * @param outputName the name of an output
     * @param inputName the name of an input
     * @return the reason, which names the node that writes or the one that may still read
     */
    public Optional<String> violation(String outputName, String inputName) {
        Object read = input.apply(inputName);
        Step writer = producers.get(output.apply(outputName));
        if (writer == null || !ELEMENTWISE.contains(writer.op())) {
            return Optional.of((writer == null ? "no node" : "node " + writer.name()) + " writes it, expected one of "
                    + ELEMENTWISE.stream().sorted().toList());
        }
        Set<Step> before = ancestors(writer);
        return steps.stream()
                .filter(step -> !step.equals(writer) && step.reads().contains(read) && !before.contains(step))
                .findFirst()
                .map(step -> "node " + writer.name() + " writes it while node " + step.name()
                        + " may still have to read it");
    }

    private Set<Step> ancestors(Step step) {
        Set<Step> found = new HashSet<>();
        Deque<Step> open = new ArrayDeque<>(Set.of(step));
        while (!open.isEmpty()) {
            for (Object read : open.pop().reads()) {
                Step producer = producers.get(read);
                if (producer != null && found.add(producer)) {
                    open.push(producer);
                }
            }
        }
        return found;
    }
}
