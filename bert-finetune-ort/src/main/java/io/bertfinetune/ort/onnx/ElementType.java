package io.bertfinetune.ort.onnx;

import java.util.Map;

/** The kinds of number in ONNX, by the codes of {@code TensorProto.DataType}. */
public final class ElementType {
    /** 32-bit floating point. */
    public static final int FLOAT = 1;
    /** 8-bit whole number without a sign. */
    public static final int UINT8 = 2;
    /** 8-bit whole number. */
    public static final int INT8 = 3;
    /** 16-bit whole number without a sign. */
    public static final int UINT16 = 4;
    /** 16-bit whole number. */
    public static final int INT16 = 5;
    /** 32-bit whole number. */
    public static final int INT32 = 6;
    /** 64-bit whole number. */
    public static final int INT64 = 7;
    /** True or false, a byte each. */
    public static final int BOOL = 9;
    /** 16-bit floating point, IEEE 754. */
    public static final int FLOAT16 = 10;
    /** 64-bit floating point. */
    public static final int DOUBLE = 11;
    /** 32-bit whole number without a sign. */
    public static final int UINT32 = 12;
    /** 64-bit whole number without a sign. */
    public static final int UINT64 = 13;
    /** 16-bit floating point, the upper half of a 32-bit one. */
    public static final int BFLOAT16 = 16;

    private static final Map<Integer, Kind> KINDS = Map.ofEntries(
            Map.entry(FLOAT, new Kind("FLOAT", 4)),
            Map.entry(UINT8, new Kind("UINT8", 1)),
            Map.entry(INT8, new Kind("INT8", 1)),
            Map.entry(UINT16, new Kind("UINT16", 2)),
            Map.entry(INT16, new Kind("INT16", 2)),
            Map.entry(INT32, new Kind("INT32", 4)),
            Map.entry(INT64, new Kind("INT64", 8)),
            Map.entry(BOOL, new Kind("BOOL", 1)),
            Map.entry(FLOAT16, new Kind("FLOAT16", 2)),
            Map.entry(DOUBLE, new Kind("DOUBLE", 8)),
            Map.entry(UINT32, new Kind("UINT32", 4)),
            Map.entry(UINT64, new Kind("UINT64", 8)),
            Map.entry(BFLOAT16, new Kind("BFLOAT16", 2)));

    private record Kind(String name, int bytes) {}

    private ElementType() {}

    /**
     * Whether this library knows the type: all but text, complex numbers, and those of 8 bits or fewer that are no
     * whole numbers.
     *
     * @param type a code of {@code TensorProto.DataType}
     * @return true for the constants of this class
     */
    public static boolean isKnown(int type) {
        return KINDS.containsKey(type);
    }

    /**
     * The size of one number.
     *
     * @param type a code of {@code TensorProto.DataType}
     * @return its size in bytes
     * @throws IllegalArgumentException if the type is not known
     */
    public static int bytes(int type) {
        Kind kind = KINDS.get(type);
        if (kind == null) {
            throw new IllegalArgumentException("ONNX element type " + type + " is not one of " + KINDS.keySet());
        }
        return kind.bytes();
    }

    /**
     * ONNX's name for the type.
     *
     * @param type a code of {@code TensorProto.DataType}
     * @return {@code FLOAT} for instance, or {@code type 8} for one that is not known
     */
    public static String name(int type) {
        Kind kind = KINDS.get(type);
        return kind == null ? "type " + type : kind.name();
    }
}
