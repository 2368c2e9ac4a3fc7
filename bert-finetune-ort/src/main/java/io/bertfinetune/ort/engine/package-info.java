/**
 * What runs graphs. An {@link io.bertfinetune.ort.engine.Engine} keeps numbers in
 * {@link io.bertfinetune.ort.engine.DeviceTensor}s and turns a {@link io.bertfinetune.ort.graph.Program} into an
 * {@link io.bertfinetune.ort.engine.Executable}. The only room that imports {@code ai.onnxruntime} and touches native memory.
 */
@NullMarked
package io.bertfinetune.ort.engine;

import org.jspecify.annotations.NullMarked;
