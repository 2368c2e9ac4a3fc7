/**
 * How a graph becomes ONNX for one kind of engine: named passes over the graph, each of which may be switched off, and
 * the table that writes every operator as ONNX nodes.
 */
@NullMarked
package io.bertfinetune.ort.lowering;

import org.jspecify.annotations.NullMarked;
