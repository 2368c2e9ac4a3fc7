package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How an NVIDIA GPU is used.
 *
 * @param deviceId its number among the visible ones, from 0
 * @param tf32 whether products of float32 may keep 10 bits of the fraction (TensorFloat-32), which is faster on Ampere and
 *     newer
 * @param memoryLimit how many bytes of its memory each session may take; empty for no limit
 */
public record CudaOptions(int deviceId, boolean tf32, OptionalLong memoryLimit) {
    /**
     * Checks the numbers.
     *
     * @param deviceId 0 or more
     * @param tf32 whether products of float32 may keep 10 bits of the fraction
     * @param memoryLimit 1 byte or more; empty for no limit
     */
    public CudaOptions {
        if (deviceId < 0) {
            throw new IllegalArgumentException("CudaOptions: deviceId is " + deviceId + ", expected 0 or more");
        }
        if (memoryLimit.isPresent() && memoryLimit.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "CudaOptions: memoryLimit is " + memoryLimit.getAsLong() + ", expected 1 byte or more");
        }
    }

    /**
     * A device with TF32 off, as PyTorch has it for matrix products, and no limit.
     *
     * @param deviceId its number among the visible ones, from 0
     * @return the options
     */
    public static CudaOptions of(int deviceId) {
        return new CudaOptions(deviceId, false, OptionalLong.empty());
    }

    /** The same for a session whose products are in this precision. */
    CudaOptions in(Precision precision) {
        return new CudaOptions(deviceId, tf32 || precision == Precision.TENSOR_FLOAT32, memoryLimit);
    }

    /** The options of ONNX Runtime's provider for CUDA. */
    Map<String, String> forProvider() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("device_id", Integer.toString(deviceId));
        options.put("use_tf32", tf32 ? "1" : "0");
        // What training allocates it keeps: growing by powers of two would hold up to twice as much.
        options.put("arena_extend_strategy", "kSameAsRequested");
        memoryLimit.ifPresent(bytes -> options.put("gpu_mem_limit", Long.toString(bytes)));
        return options;
    }
}
