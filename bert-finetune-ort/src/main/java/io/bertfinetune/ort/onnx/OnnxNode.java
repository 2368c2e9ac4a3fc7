package io.bertfinetune.ort.onnx;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One operator applied to values.
 *
 * @param name its name in messages; may be empty
 * @param opType the operator, {@code MatMul} for instance
 * @param domain who defines the operator: empty for ONNX itself, {@code com.microsoft} for ONNX Runtime
 * @param inputs the names of what it reads; an empty name for an optional input that is left out
 * @param outputs the names of what it makes
 * @param attributes its attributes by name; kept, and written, in the order of the names
 */
public record OnnxNode(
        String name,
        String opType,
        String domain,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> attributes) {
    /**
     * Copies the lists and sorts the attributes.
     *
     * @param name its name in messages; may be empty
     * @param opType the operator
     * @param domain who defines the operator; empty for ONNX itself
     * @param inputs the names of what it reads
     * @param outputs the names of what it makes
     * @param attributes its attributes, by name
     */
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }
}
