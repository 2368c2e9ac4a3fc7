package io.bertfinetune.ort.graph;

/** The kinds of number a value holds. */
public enum DataType {
    /** 32-bit floating point. */
    FLOAT(1, 4),
    /** 64-bit whole numbers: ids, labels, shapes. */
    INT64(7, 8);

    private final int onnxCode;
    private final int bytes;

    DataType(int onnxCode, int bytes) {
        this.onnxCode = onnxCode;
        this.bytes = bytes;
    }

    /**
     * The number ONNX's {@code TensorProto.DataType} has for it.
     *
     * @return the number
     */
    public int onnxCode() {
        return onnxCode;
    }

    /**
     * The size of one number in bytes.
     *
     * @return the size
     */
    public int bytes() {
        return bytes;
    }
}
