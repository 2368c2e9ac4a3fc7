package io.bertfinetune.ort.onnx;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A graph and the versions of the language it is written in. Metadata, documentation, and functions of a file that was
 * read are not kept.
 *
 * @param graph the graph
 * @param irVersion the version of the file format
 * @param opsets the version of each operator set used, by domain; the domain of ONNX itself is empty. Kept, and
 *     written, in the order of the domains
 */
public record OnnxModel(OnnxGraph graph, int irVersion, Map<String, Integer> opsets) {
    /**
     * Sorts the operator sets.
     *
     * @param graph the graph
     * @param irVersion the version of the file format
     * @param opsets the version of each operator set, by domain
     */
    public OnnxModel {
        opsets = Collections.unmodifiableMap(new TreeMap<>(opsets));
    }
}
