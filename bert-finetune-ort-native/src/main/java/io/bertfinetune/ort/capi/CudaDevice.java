package io.bertfinetune.ort.capi;

/**
 * An NVIDIA GPU that the driver shows.
 *
 * @param index its number, from 0
 * @param name what NVIDIA calls it
 * @param capability its compute capability, 90 for 9.0
 * @param bytes its memory
 */
public record CudaDevice(int index, String name, int capability, long bytes) {
    @Override
    public String toString() {
        return "cuda:" + index + " " + name + ", compute capability " + capability / 10 + "." + capability % 10 + ", "
                + (bytes >> 20) + " MiB";
    }
}
