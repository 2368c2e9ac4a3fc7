package io.bertfinetune.ort.capi;

import io.bertfinetune.ort.onnx.Attribute;
import io.bertfinetune.ort.onnx.ElementType;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The kind of number of every value of a model, and which values are shapes in the making. */
final class OnnxTypes {
    private static final Set<String> ON_LENGTHS = Set.of("Concat", "Add", "Sub", "Mul");

    private final Map<String, Integer> types = new HashMap<>();
    private final Set<String> lengths = new HashSet<>();

    OnnxTypes(OnnxModel model) {
        model.graph().inputs().forEach(input -> types.put(input.name(), input.elementType()));
        model.graph().initializers().forEach(constant -> {
            types.put(constant.name(), constant.elementType());
            if (constant.elementType() == ElementType.INT64) {
                lengths.add(constant.name());
            }
        });
        model.graph().nodes().forEach(this::learn);
    }

    /** The kind of number of a value, a code of {@link ElementType}. */
    int of(String value) {
        Integer type = types.get(value);
        if (type == null) {
            throw new IllegalArgumentException("no node before makes '" + value + "'; there are " + types.keySet());
        }
        return type;
    }

    /**
     * Whether a node computes lengths of axes from lengths of axes. ONNX Runtime does that on the processor, whatever
     * the provider, for there they are wanted.
     */
    boolean isOnLengths(OnnxNode node) {
        return ON_LENGTHS.contains(node.opType()) && lengths.containsAll(node.inputs());
    }

    private void learn(OnnxNode node) {
        int type = switch (node.opType()) {
            case "Cast" -> target(node);
            case "Shape" -> ElementType.INT64;
            case "ConstantOfShape" -> filled(node);
            case "OneHot" -> of(node.inputs().get(2));
            case "Where", "GatherGrad" -> of(node.inputs().get(node.opType().equals("Where") ? 1 : 2));
            case "Equal", "Less", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Not", "And", "Or" -> ElementType.BOOL;
            default -> of(node.inputs().get(0));
        };
        node.outputs().forEach(output -> types.put(output, type));
        if (node.opType().equals("Shape") || isOnLengths(node)) {
            lengths.addAll(node.outputs());
        }
        if (node.opType().startsWith("LayerNormalization") && node.outputs().size() == 3 && !isGradient(node)) {
            node.outputs().stream().skip(1).forEach(statistic -> types.put(statistic, ElementType.FLOAT));
        }
    }

    private static boolean isGradient(OnnxNode node) {
        return node.opType().endsWith("Grad");
    }

    private static int target(OnnxNode node) {
        if (node.attributes().get("to") instanceof Attribute.Int type) {
            return Math.toIntExact(type.value());
        }
        throw new IllegalArgumentException("node " + node.name() + " does not say what it casts to");
    }

    private static int filled(OnnxNode node) {
        return node.attributes().get("value") instanceof Attribute.Tensor tensor
                ? tensor.value().elementType()
                : ElementType.FLOAT;
    }
}
