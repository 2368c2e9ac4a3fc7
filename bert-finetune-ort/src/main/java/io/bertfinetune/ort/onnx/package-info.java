/**
 * ONNX files: {@link io.bertfinetune.ort.onnx.OnnxWriter} writes and {@link io.bertfinetune.ort.onnx.OnnxReader} reads
 * an {@link io.bertfinetune.ort.onnx.OnnxModel}. The only place that knows protobuf. Field numbers and meanings follow
 * {@code onnx.proto}; the messages are few and small, so they are coded by hand, without generated classes.
 *
 * <p>Parameters are big, so an {@link io.bertfinetune.ort.onnx.Initializer} does not hold its numbers but knows how to
 * write them: those of a file that was read stay in the file until somebody asks.
 */
@NullMarked
package io.bertfinetune.ort.onnx;

import org.jspecify.annotations.NullMarked;
