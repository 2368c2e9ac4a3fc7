package io.bertfinetune.ort.graph;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A graph, what is wanted of it, and which outputs overwrite an input.
 *
 * @param name what messages call it
 * @param outputs the values wanted, by name; all of one graph
 * @param overwrites for an output that is to be written over the memory of an input, that input's name
 */
public record Program(String name, Map<String, Value> outputs, Map<String, String> overwrites) {
    /**
     * Keeps the order and checks the names.
     *
     * @param name what messages call it
     * @param outputs the values wanted, by name
     * @param overwrites for an output, the name of the input it overwrites
     */
    public Program {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        overwrites = Map.copyOf(overwrites);
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("program " + name + ": no outputs");
        }
        Map<String, Value> given = outputs.values().iterator().next().graph().inputs();
        for (Map.Entry<String, Value> output : outputs.entrySet()) {
            if (output.getValue().graph() != outputs.values().iterator().next().graph()) {
                throw new IllegalArgumentException(
                        "program " + name + ": output " + output.getKey() + " is of another graph than the first");
            }
        }
        if (!Collections.disjoint(outputs.keySet(), given.keySet())) {
            throw new IllegalArgumentException("program " + name + ": outputs " + outputs.keySet() + " and inputs "
                    + given.keySet() + " share a name");
        }
        for (Map.Entry<String, String> overwrite : overwrites.entrySet()) {
            Value output = outputs.get(overwrite.getKey());
            Value input = given.get(overwrite.getValue());
            if (output == null
                    || input == null
                    || output.type() != input.type()
                    || !output.shape().equals(input.shape())) {
                throw new IllegalArgumentException("program " + name + ": output " + overwrite.getKey() + " " + output
                        + " cannot overwrite input " + overwrite.getValue() + " " + input
                        + "; expected an output and an input of the same type and shape");
            }
        }
    }

    /**
     * A program that overwrites nothing.
     *
     * @param name what messages call it
     * @param outputs the values wanted, by name; all of one graph
     * @return the program
     */
    public static Program of(String name, Map<String, Value> outputs) {
        return new Program(name, outputs, Map.of());
    }

    /**
     * The graph the outputs belong to.
     *
     * @return the graph
     */
    public Graph graph() {
        return outputs.values().iterator().next().graph();
    }

    /**
     * The inputs that the outputs need, by name, in the order the graph declares them.
     *
     * @return the inputs
     */
    public Map<String, Value> inputs() {
        Set<Value> read = new HashSet<>();
        read.addAll(outputs.values());
        graph().nodesFor(outputs.values()).forEach(node -> read.addAll(node.inputs()));
        Map<String, Value> needed = new LinkedHashMap<>(graph().inputs());
        needed.values().retainAll(read);
        return Collections.unmodifiableMap(needed);
    }
}
