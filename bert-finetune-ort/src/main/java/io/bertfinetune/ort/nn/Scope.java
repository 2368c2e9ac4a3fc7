package io.bertfinetune.ort.nn;

import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where in the checkpoint a layer's parameters live: {@code scope.at("dense").parameter("weight", …)}. */
public final class Scope {
    private final Graph graph;
    private final String prefix;
    private final Map<String, Value> parameters;

    private Scope(Graph graph, String prefix, Map<String, Value> parameters) {
        this.graph = graph;
        this.prefix = prefix;
        this.parameters = parameters;
    }

    /**
     * The scope of the whole network.
     *
     * @param graph the graph that parameters are declared in
     * @return the scope
     */
    public static Scope of(Graph graph) {
        return new Scope(graph, "", new LinkedHashMap<>());
    }

    /**
     * The part of the network with this name.
     *
     * @param name the next part of the name, without the dot
     * @return the scope of that part
     */
    public Scope at(String name) {
        return new Scope(graph, prefix + name + ".", parameters);
    }

    /**
     * A parameter of this part: an input of the graph under its name in the checkpoint.
     *
     * @param name its name within this part
     * @param shape its shape
     * @return the parameter; the same one if asked for again
     */
    public Value parameter(String name, long... shape) {
        return parameters.computeIfAbsent(prefix + name, full -> graph.input(full, DataType.FLOAT, Shape.of(shape)));
    }

    /**
     * Every parameter asked for so far, by its name in the checkpoint.
     *
     * @return the parameters, in the order they were asked for
     */
    public Map<String, Value> parameters() {
        return Collections.unmodifiableMap(parameters);
    }
}
