/**
 * An engine on ONNX Runtime's C API, called through JNA: tensors that stay on an NVIDIA GPU, operators of our own, and
 * native libraries of one's choice. The only room that knows the C API.
 *
 * <p>{@link io.bertfinetune.ort.capi.CApiEngine} is the engine, {@link io.bertfinetune.ort.capi.CApiProvider} how the backend
 * finds it. From the bottom: {@code NativeFiles} finds and copies the libraries of a
 * {@link io.bertfinetune.ort.capi.NativeBuild}, {@code Natives} loads them once, {@code OrtApi} calls the functions that
 * {@code OrtFunction} lists, {@code OrtEnv} is what they share, {@code Session} a model that was read and {@code OrtValue} a
 * tensor that is shown to it. Beside sessions, {@code Pointwise} computes formulas that work number by number, on oneDNN.
 *
 * <p>The system property {@code io.bertfinetune.natives} chooses a build by {@link
 * io.bertfinetune.ort.capi.NativeBuild#word()}. It must be set where the class path has several that would do; and where it
 * is set, this engine is used for the processor too.
 *
 * <p>Native memory has one owner each. Tensors and executables belong to whoever asked for them; an engine that is closed
 * while some are open logs their names and closes them. Libraries and their environment belong to the process.
 */
@NullMarked
package io.bertfinetune.ort.capi;

import org.jspecify.annotations.NullMarked;
