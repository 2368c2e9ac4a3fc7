package io.bertfinetune.ort.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small program around one operator, and how to fill its inputs.
 *
 * @param name what tells it from the operator's other samples
 * @param node the operator's one node in it
 * @param outputs what it computes; {@code y} depends on the node's first output
 * @param loss a single number that depends on every number of {@code y}, each with a weight of its own
 * @param fills how each input of the graph is filled
 * @param differentiable the inputs that gradients reach
 */
public record OpSample(
        String name,
        Node node,
        Map<String, Value> outputs,
        Value loss,
        Map<String, Fill> fills,
        List<Value> differentiable) {

    /** One number drawn; all are floats, so that engines are given exactly what the reference is given. */
    @FunctionalInterface
    public interface Fill {
        /** The next number. */
        double next(Random random);
    }

    /** The program. */
    public Program program() {
        return Program.of(toString(), outputs);
    }

    /** Numbers for every input of the graph when its dimensions have these values. */
    public Map<String, double[]> numbers(Map<String, Long> dimensions, long seed) {
        Random random = new Random(seed);
        Map<String, double[]> numbers = new LinkedHashMap<>();
        fills.forEach((input, fill) -> {
            double[] drawn = new double
                    [Math.toIntExact(node.output()
                            .graph()
                            .inputs()
                            .get(input)
                            .shape()
                            .size()
                            .size(dimensions))];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = (float) fill.next(random);
            }
            numbers.put(input, drawn);
        });
        return numbers;
    }

    @Override
    public String toString() {
        return node.op() + " " + name;
    }
}
