package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;

/** Shows memory to ONNX Runtime as a tensor; the memory belongs to another. */
record OrtValue(OrtApi api, Pointer handle) implements AutoCloseable {
    /**
     * A tensor over memory.
     *
     * @param info the memory's device
     * @param address where it begins
     * @param type a code of ONNX's {@code TensorProto.DataType}
     */
    static OrtValue of(OrtApi api, Pointer info, long address, long bytes, int type, long... shape)
            throws OrtStatusException {
        return new OrtValue(
                api,
                api.create(
                        OrtFunction.CREATE_TENSOR_WITH_DATA,
                        info,
                        new Pointer(address),
                        bytes,
                        shape,
                        (long) shape.length,
                        type));
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_VALUE, handle);
    }
}
