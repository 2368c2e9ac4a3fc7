package io.bertfinetune.ort.training;

import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.graph.DataType;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A number for every number of the parameters — their values, their gradients, one of their states — one parameter after
 * the other in one stretch of the engine's memory.
 */
final class ParameterStore implements AutoCloseable {
    private final Layout layout;
    private final DeviceTensor memory;
    private final Map<String, DeviceTensor> views = new LinkedHashMap<>();

    /** Where each parameter lies; shared by stores whose pieces are used together. */
    static final class Layout {
        private static final int ALIGNMENT = 16;

        private final List<ParameterInfo> parameters;
        private final List<ParameterInfo> inMemory;
        private final Map<String, Long> offsets = new LinkedHashMap<>();
        private final long size;

        /**
         * Puts biases and norms first, then matrices, then tables of which a step touches few rows: what is treated alike
         * lies side by side.
         *
         * @param parameters in the order of the network
         * @param tables the names of the tables
         */
        Layout(List<ParameterInfo> parameters, Set<String> tables) {
            this(
                    parameters,
                    parameters.stream()
                            .sorted(Comparator.comparing((ParameterInfo p) -> tables.contains(p.name()))
                                    .thenComparing(p -> !p.isBiasOrNorm()))
                            .toList());
        }

        private Layout(List<ParameterInfo> parameters, List<ParameterInfo> inMemory) {
            this.parameters = List.copyOf(parameters);
            this.inMemory = inMemory;
            long end = 0;
            for (ParameterInfo parameter : inMemory) {
                offsets.put(parameter.name(), end);
                end += (parameter.size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            }
            this.size = end;
        }

        /** The same order without gaps for some of these parameters. */
        Layout only(Predicate<ParameterInfo> which) {
            return new Layout(
                    parameters.stream().filter(which).toList(),
                    inMemory.stream().filter(which).toList());
        }

        /** The parameters, in the order of the network. */
        List<ParameterInfo> parameters() {
            return parameters;
        }

        /** The parameters, in the order of the memory. */
        List<ParameterInfo> inMemory() {
            return inMemory;
        }

        long offset(String parameter) {
            return java.util.Objects.requireNonNull(offsets.get(parameter), parameter);
        }

        /** How many numbers there are, the gaps between parameters included. */
        long size() {
            return size;
        }
    }

    ParameterStore(Engine engine, Layout layout) {
        this.layout = layout;
        this.memory = engine.allocate(DataType.FLOAT, layout.size());
        for (ParameterInfo parameter : layout.parameters()) {
            long[] shape =
                    parameter.shape().stream().mapToLong(Integer::longValue).toArray();
            views.put(parameter.name(), memory.view(layout.offset(parameter.name()), shape));
        }
    }

    /** Where each parameter lies. */
    Layout layout() {
        return layout;
    }

    /** A parameter's numbers, in its shape. */
    DeviceTensor get(String parameter) {
        return java.util.Objects.requireNonNull(views.get(parameter), parameter);
    }

    /** All parameters' numbers, by name. */
    Map<String, DeviceTensor> all() {
        return Collections.unmodifiableMap(views);
    }

    /** Some of the numbers as one row; the caller closes it. */
    DeviceTensor piece(long start, long count) {
        return memory.view(start, count);
    }

    /** Writes one parameter. */
    void write(String parameter, Consumer<FloatBuffer> writer) {
        get(parameter).write(bytes -> writer.accept(bytes.asFloatBuffer()));
    }

    /** One parameter's numbers as they are: the memory itself if it is the host's, else a copy of them. */
    FloatBuffer numbers(String parameter) {
        return numbers(get(parameter));
    }

    /** A tensor's numbers as they are: the memory itself if it is the host's, else a copy of them. */
    static FloatBuffer numbers(DeviceTensor tensor) {
        FloatBuffer[] numbers = new FloatBuffer[1];
        tensor.read(bytes -> {
            FloatBuffer there = bytes.asFloatBuffer();
            numbers[0] = tensor.isOnHost()
                    ? there
                    : FloatBuffer.allocate(there.remaining()).put(there).flip();
        });
        return java.util.Objects.requireNonNull(numbers[0]);
    }

    /** Reads one parameter. */
    void read(String parameter, Consumer<FloatBuffer> reader) {
        get(parameter).read(bytes -> reader.accept(bytes.asFloatBuffer()));
    }

    /** The names of the parameters held. */
    List<String> names() {
        return new ArrayList<>(views.keySet());
    }

    @Override
    public void close() {
        memory.close();
    }
}
