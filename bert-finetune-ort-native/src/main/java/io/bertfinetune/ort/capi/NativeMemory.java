package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.ort.engine.TensorMemory;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Memory that ONNX Runtime can use, on the host or on a device. */
interface NativeMemory extends TensorMemory, Ledger.Resource {
    /** Where it begins, in its device's terms. */
    long address();

    /** Whether it is the host's own. */
    boolean isOnHost();

    /** The {@code OrtMemoryInfo} of its device. */
    Pointer info();

    /** Lets some bytes be written, in native order; what is not written stays. */
    void write(long start, long bytes, Consumer<ByteBuffer> writer);

    /** Shows some bytes, in native order. */
    void read(long start, long bytes, Consumer<ByteBuffer> reader);

    @Override
    void close();
}
