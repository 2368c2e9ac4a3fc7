package io.bertfinetune.ort.weights;

import java.nio.ByteBuffer;

/** The floating point numbers that become 32-bit ones when they are loaded. */
enum FloatType {
    F32(4) {
        @Override
        float read(ByteBuffer bytes) {
            return bytes.getFloat();
        }
    },
    /** IEEE 754 half precision: 1 bit sign, 5 exponent, 10 fraction. */
    F16(2) {
        @Override
        float read(ByteBuffer bytes) {
            int half = bytes.getShort();
            int sign = (half & 0x8000) << 16;
            int exponent = (half >> 10) & 0x1F;
            int fraction = half & 0x3FF;
            if (exponent == 0) { // zero and the numbers below the least normal one
                float small = fraction * 0x1p-24f;
                return sign == 0 ? small : -small;
            }
            int wide = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
            return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
        }
    },
    /** The upper half of a 32-bit float. */
    BF16(2) {
        @Override
        float read(ByteBuffer bytes) {
            return Float.intBitsToFloat(bytes.getShort() << 16);
        }
    },
    F64(8) {
        @Override
        float read(ByteBuffer bytes) {
            return (float) bytes.getDouble();
        }
    };

    private final int bytes;

    FloatType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one number in bytes. */
    int bytes() {
        return bytes;
    }

    /** The next number of a little-endian buffer. */
    abstract float read(ByteBuffer bytes);
}
