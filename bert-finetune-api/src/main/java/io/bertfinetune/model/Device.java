package io.bertfinetune.model;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Where a model computes.
 *
 * @param kind the kind of device
 * @param index its number among devices of its kind, from 0
 */
public record Device(Kind kind, int index) {
    /** The kinds of device. */
    public enum Kind {
        /** The best that works. */
        AUTO,
        /** The processor. */
        CPU,
        /** An NVIDIA GPU. */
        CUDA
    }

    /**
     * Checks the number.
     *
     * @param kind the kind of device
     * @param index its number among devices of its kind, from 0
     */
    public Device {
        if (index < 0) {
            throw new IllegalArgumentException("Device: index is " + index + ", expected 0 or more");
        }
    }

    /**
     * CUDA where it works, else the processor. Where ONNX Runtime's build for GPUs is on the class path and cannot be used,
     * a warning says why, once, when a model is loaded.
     *
     * @return the device
     */
    public static Device auto() {
        return new Device(Kind.AUTO, 0);
    }

    /**
     * The processor.
     *
     * @return the device
     */
    public static Device cpu() {
        return new Device(Kind.CPU, 0);
    }

    /**
     * An NVIDIA GPU. Loading a model onto it fails with a sentence on what is missing if it cannot be used.
     *
     * @param index its number, from 0
     * @return the device
     */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /**
     * Whether training can compute its matrix products in a precision here, on this machine and with this class path.
     * Answered before anything is opened; {@link Model#missingFor} answers for a model that is open.
     *
     * <table>
     *   <caption>What is needed</caption>
     *   <tr><th>precision</th><th>{@code cpu}</th><th>{@code cuda}: what {@link #cuda} needs, and a GPU of compute
     *       capability</th></tr>
     *   <tr><td>{@code FLOAT32}</td><td>nothing</td><td>any</td></tr>
     *   <tr><td>{@code TENSOR_FLOAT32}</td><td>not there</td><td>8.0 or newer</td></tr>
     *   <tr><td>{@code BFLOAT16}</td><td>Linux on x86-64, avx512_bf16 or AMX, {@code bert-finetune-ort-native} and
     *       {@code org.bytedeco:dnnl}</td><td>8.0 or newer</td></tr>
     *   <tr><td>{@code FLOAT16}</td><td>not there</td><td>7.0 or newer</td></tr>
     * </table>
     *
     * <p>{@code auto} answers for the device it would take.
     *
     * <pre>{@code
     * Trainer.builder().model(model).bf16(Device.auto().supports(Precision.BFLOAT16))
     * }</pre>
     *
     * @param precision that of the matrix products
     * @return true if it can
     */
    public boolean supports(Precision precision) {
        return missingFor(precision).isEmpty();
    }

    /**
     * Why {@link #supports} says no.
     *
     * @param precision that of the matrix products
     * @return what is missing and what to do about it, in a sentence; empty if nothing is
     */
    public Optional<String> missingFor(Precision precision) {
        Optional<DeviceSupport> backend = ServiceLoader.load(DeviceSupport.class)
                .findFirst()
                .or(() -> ServiceLoader.load(DeviceSupport.class, DeviceSupport.class.getClassLoader())
                        .findFirst());
        return backend.isPresent()
                ? backend.get().missingFor(this, precision)
                : Optional.of("nothing on the class path can run a model; add the dependency"
                        + " io.bertfinetune:bert-finetune-ort");
    }

    /**
     * PyTorch's word for it.
     *
     * @return {@code auto}, {@code cpu} or {@code cuda:0}
     */
    @Override
    public String toString() {
        return switch (kind) {
            case AUTO -> "auto";
            case CPU -> "cpu";
            case CUDA -> "cuda:" + index;
        };
    }
}
