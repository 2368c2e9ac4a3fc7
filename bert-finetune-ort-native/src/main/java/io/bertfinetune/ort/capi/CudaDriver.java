package io.bertfinetune.ort.capi;

import java.util.List;

/** NVIDIA's driver, asked directly: what it says is the cause of what ONNX Runtime reports later as something else. */
interface CudaDriver {
    /** What {@link #initialize} answers if all is well. */
    int SUCCESS = 0;

    /** What {@link #initialize} answers if there is no device. */
    int NO_DEVICE = 100;

    /** Starts it; anything but {@link #SUCCESS} is CUDA's number for what is wrong. */
    int initialize();

    /** The newest CUDA it can serve: 13000 for 13.0. */
    int cudaVersion();

    /** The GPUs it shows; those that {@code CUDA_VISIBLE_DEVICES} hides are not among them. */
    List<CudaDevice> devices();
}
