package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Precision;
import java.util.Optional;

/**
 * An NVIDIA GPU that the driver shows.
 *
 * @param index its number, from 0
 * @param name what NVIDIA calls it
 * @param capability its compute capability, 90 for 9.0
 * @param bytes its memory
 */
public record CudaDevice(int index, String name, int capability, long bytes) {
    /** What it lacks for products in a precision. */
    Optional<String> missingFor(Precision precision) {
        int needed = switch (precision) {
            case FLOAT32 -> 0;
            case FLOAT16 -> 70;
            case TENSOR_FLOAT32, BFLOAT16 -> 80;
        };
        return capability >= needed
                ? Optional.empty()
                : Optional.of("compute capability " + text(needed) + " or newer is needed, found " + this
                        + "; train in " + (capability >= 70 ? "FLOAT16 or " : "") + "FLOAT32");
    }

    private static String text(int capability) {
        return capability / 10 + "." + capability % 10;
    }

    @Override
    public String toString() {
        return "cuda:" + index + " " + name + ", compute capability " + text(capability) + ", " + (bytes >> 20)
                + " MiB";
    }
}
