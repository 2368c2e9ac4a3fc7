package io.bertfinetune.ort.weights;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parameters in memory. */
final class MapWeights implements Weights {
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> numbers = new LinkedHashMap<>();

    MapWeights with(String name, List<Long> shape, float... values) {
        shapes.put(name, shape);
        numbers.put(name, values);
        return this;
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public List<Long> shape(String name) {
        return shapes.get(name);
    }

    @Override
    public void copy(String name, FloatBuffer target) {
        target.duplicate().put(numbers.get(name));
    }

    @Override
    public void close() {}
}
