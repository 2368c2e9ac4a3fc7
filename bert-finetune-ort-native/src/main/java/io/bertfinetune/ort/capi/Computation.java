package io.bertfinetune.ort.capi;

import java.util.Map;

/** What computes a program on tensors where they are: a session of ONNX Runtime, or kernels of oneDNN. */
interface Computation extends AutoCloseable {
    /**
     * A run, to be done as often as wanted, from one thread at a time.
     *
     * @param in a tensor for each input
     * @param out a tensor for each output, which is written
     */
    Run bind(Map<String, CApiTensor> in, Map<String, CApiTensor> out);

    /** A run on tensors that are known. */
    @FunctionalInterface
    interface Run {
        void run() throws OrtStatusException, OneDnn.OneDnnException;
    }

    @Override
    void close();
}
