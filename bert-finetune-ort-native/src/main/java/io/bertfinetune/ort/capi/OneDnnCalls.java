package io.bertfinetune.ort.capi;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The functions of oneDNN and OpenMP that are called hundreds of times in a step, bound directly, which costs less a call. */
final class OneDnnCalls {
    private OneDnnCalls() {}

    static void bind(NativeLibrary library) {
        Native.register(OneDnnCalls.class, library);
    }

    static native int dnnl_memory_set_data_handle(long memory, long address);

    static native int dnnl_primitive_execute(long primitive, long stream, int count, long arguments);

    static native int omp_get_max_threads();

    static native void omp_set_num_threads(int threads);
}
