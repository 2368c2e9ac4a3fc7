package io.bertfinetune.model;

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
     * CUDA where it works, else the processor; which one is logged when a model is loaded.
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
