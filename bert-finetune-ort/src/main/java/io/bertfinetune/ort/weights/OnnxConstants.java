package io.bertfinetune.ort.weights;

import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.ort.onnx.Attribute;
import io.bertfinetune.ort.onnx.ElementType;
import io.bertfinetune.ort.onnx.Initializer;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of an ONNX graph's values before it runs: its initializers and constants, also by other names. */
final class OnnxConstants {
    /** Constants a graph computes with are few numbers; longer ones are parameters. */
    private static final int MAX_NUMBERS = 64;

    /**
     * A tensor, and how its value is made from it.
     *
     * @param transposed whether the value is the tensor with its two dimensions swapped
     */
    record Constant(Initializer tensor, boolean transposed) {}

    private final Map<String, Constant> constants = new LinkedHashMap<>();
    private final Map<String, OnnxNode> makers = new LinkedHashMap<>();
    private final String source;

    OnnxConstants(OnnxGraph graph, String source) {
        this.source = source;
        for (Initializer initializer : graph.initializers()) {
            constants.put(initializer.name(), new Constant(initializer, false));
        }
        for (OnnxNode node : graph.nodes()) {
            add(node);
            for (String output : node.outputs()) {
                makers.put(output, node);
            }
        }
    }

    private void add(OnnxNode node) {
        if (node.outputs().size() != 1 || !node.domain().isEmpty()) {
            return;
        }
        String output = node.outputs().get(0);
        switch (node.opType()) {
            case "Constant" -> constant(node).ifPresent(tensor -> constants.put(output, new Constant(tensor, false)));
            // Exporters share equal tensors with Identity, and keep some parameters in 16 bits with Cast.
            case "Identity", "Cast" -> input(node).ifPresent(same -> constants.put(output, same));
            case "Transpose" ->
                input(node)
                        .filter(original -> swaps(node, original))
                        .ifPresent(original ->
                                constants.put(output, new Constant(original.tensor(), !original.transposed())));
            default -> {}
        }
    }

    private Optional<Constant> input(OnnxNode node) {
        return node.inputs().stream().findFirst().flatMap(this::of);
    }

    private static Optional<Initializer> constant(OnnxNode node) {
        Attribute value = node.attributes().get("value");
        if (value instanceof Attribute.Tensor tensor) {
            return Optional.of(tensor.value());
        }
        if (node.attributes().get("value_int") instanceof Attribute.Int number) {
            return Optional.of(Initializer.ofLongs("", List.of(), number.value()));
        }
        if (node.attributes().get("value_ints") instanceof Attribute.Ints numbers) {
            long[] longs = numbers.values().stream().mapToLong(Long::longValue).toArray();
            return Optional.of(Initializer.ofLongs("", List.of((long) longs.length), longs));
        }
        if (node.attributes().get("value_float") instanceof Attribute.Float number) {
            return Optional.of(Initializer.ofFloats("", List.of(), number.value()));
        }
        return Optional.empty();
    }

    private static boolean swaps(OnnxNode transpose, Constant constant) {
        if (constant.tensor().dims().size() != 2) {
            return false;
        }
        Attribute order = transpose.attributes().get("perm");
        return order == null || order.equals(new Attribute.Ints(List.of(1L, 0L)));
    }

    /** The tensor behind a value. */
    Optional<Constant> of(String value) {
        return Optional.ofNullable(constants.get(value));
    }

    /** All of them, by the name of the value. */
    Map<String, Constant> all() {
        return constants;
    }

    /** The node that makes a value, if one does. */
    Optional<OnnxNode> maker(String value) {
        return Optional.ofNullable(makers.get(value));
    }

    /** The single number a value is, as its shortest decimal: a float of 1e-12 gives 1e-12. */
    Optional<Double> number(String value) {
        Optional<Initializer> tensor = of(value).map(Constant::tensor).filter(t -> t.count() == 1);
        if (tensor.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer bytes = bytes(tensor.get());
        return switch (tensor.get().elementType()) {
            case ElementType.FLOAT -> Optional.of(decimal(FloatType.F32.read(bytes)));
            case ElementType.FLOAT16 -> Optional.of(decimal(FloatType.F16.read(bytes)));
            case ElementType.BFLOAT16 -> Optional.of(decimal(FloatType.BF16.read(bytes)));
            case ElementType.DOUBLE -> Optional.of(bytes.getDouble());
            case ElementType.INT64 -> Optional.of((double) bytes.getLong());
            default -> Optional.empty();
        };
    }

    static double decimal(float number) {
        return Double.parseDouble(Float.toString(number));
    }

    /** The 64-bit whole numbers a value is; empty if it is not a constant, or not of few such numbers. */
    List<Long> longs(String value) {
        Optional<Initializer> tensor = of(value)
                .map(Constant::tensor)
                .filter(t -> t.elementType() == ElementType.INT64 && t.count() <= MAX_NUMBERS);
        if (tensor.isEmpty()) {
            return List.of();
        }
        ByteBuffer bytes = bytes(tensor.get());
        List<Long> numbers = new ArrayList<>();
        while (bytes.hasRemaining()) {
            numbers.add(bytes.getLong());
        }
        return numbers;
    }

    private ByteBuffer bytes(Initializer tensor) {
        try {
            return tensor.bytes();
        } catch (IOException e) {
            throw new ModelFormatException(
                    source + ": tensor '" + tensor.name() + "' cannot be read: " + e.getMessage(), e);
        }
    }
}
