package io.bertfinetune.ort.onnx;

import java.util.List;

/**
 * An input or output of a graph; a tensor.
 *
 * @param name its name
 * @param elementType the kind of number, a code of {@link ElementType}
 * @param shape its dimensions, outermost first; empty for a single number, and after reading also where the file leaves
 *     the shape open
 */
public record OnnxValueInfo(String name, int elementType, List<OnnxDimension> shape) {
    /**
     * Copies the shape.
     *
     * @param name its name
     * @param elementType a code of {@link ElementType}
     * @param shape its dimensions, outermost first; empty for a single number
     */
    public OnnxValueInfo {
        shape = List.copyOf(shape);
    }
}
