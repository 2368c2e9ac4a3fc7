/**
 * An engine on ONNX Runtime's C API, called through JNA: tensors that stay on the device, the CUDA execution provider, and
 * native libraries of one's choice. The only room that knows the C API.
 */
@NullMarked
package io.bertfinetune.ort.capi;

import org.jspecify.annotations.NullMarked;
