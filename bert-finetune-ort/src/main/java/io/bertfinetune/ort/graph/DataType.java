package io.bertfinetune.ort.graph;

/** The kinds of number a value holds. */
public enum DataType {
    /** 32-bit floating point. */
    FLOAT(1, 4),
    /** 64-bit whole numbers: ids, labels, shapes. */
    INT64(7, 8),
    /** The upper half of a 32-bit floating point number: its range, 8 bits of precision. */
    BFLOAT16(16, 2),
    /** 16-bit floating point: 11 bits of precision, up to 65,504. */
    FLOAT16(10, 2),
    /** 8-bit whole numbers without a sign: eight dropout decisions each. */
    UINT8(2, 1);

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
     * Whether it is a floating point number, of whatever precision.
     *
     * @return false for whole numbers
     */
    public boolean isFloat() {
        return this == FLOAT || isHalf();
    }

    /**
     * Whether it is a floating point number of 16 bits.
     *
     * @return true for {@link #BFLOAT16} and {@link #FLOAT16}
     */
    public boolean isHalf() {
        return this == BFLOAT16 || this == FLOAT16;
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
