package io.bertfinetune.ort.capi;

import java.util.Arrays;

/**
 * A matrix, or examples and heads with a matrix each, as it lies in memory.
 *
 * @param type the element type, {@link OneDnn#FLOAT} or {@link OneDnn#BFLOAT16}
 * @param dims how many there are along each axis
 * @param strides how many elements further the next one along each axis is
 */
record Strided(int type, long[] dims, long[] strides) {
    Strided {
        if (dims.length != strides.length || dims.length == 0) {
            throw new IllegalArgumentException(
                    "dimensions " + Arrays.toString(dims) + " with strides " + Arrays.toString(strides));
        }
    }

    /** One element after the other, the last axis first. */
    static Strided dense(int type, long... dims) {
        long[] strides = new long[dims.length];
        long step = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= dims[i];
        }
        return new Strided(type, dims, strides);
    }

    /** What is stored as {@code [positions, batch, heads, width]}, as {@code [batch, heads, positions, width]}. */
    static Strided heads(int type, long... stored) {
        Strided dense = dense(type, stored);
        return new Strided(type, order(dense.dims), order(dense.strides));
    }

    private static long[] order(long[] axes) {
        return new long[] {axes[1], axes[2], axes[0], axes[3]};
    }

    /** The matrices transposed. */
    Strided transposed() {
        long[] newDims = dims.clone();
        long[] newStrides = strides.clone();
        int last = dims.length - 1;
        newDims[last] = dims[last - 1];
        newDims[last - 1] = dims[last];
        newStrides[last] = strides[last - 1];
        newStrides[last - 1] = strides[last];
        return new Strided(type, newDims, newStrides);
    }

    /**
     * A matrix and where it begins.
     *
     * @param address of the first element
     * @param shape how the others follow
     */
    record At(long address, Strided shape) {
        /** The places of an axis from one to another. */
        At part(int axis, long from, long to) {
            long offset = from * shape.strides[axis] * bytes(shape.type);
            return new At(address + offset, shape.part(axis, to - from));
        }

        At transposedIf(boolean wanted) {
            return wanted ? new At(address, shape.transposed()) : this;
        }
    }

    /** As many along an axis. */
    Strided part(int axis, long count) {
        long[] newDims = dims.clone();
        newDims[axis] = count;
        return new Strided(type, newDims, strides);
    }

    /** The size of an element of a type in bytes. */
    static long bytes(int type) {
        return type == OneDnn.FLOAT ? Float.BYTES : Short.BYTES;
    }

    int rank() {
        return dims.length;
    }

    /** How many along an axis, counted from the last, which is 0. */
    long fromLast(int axis) {
        return dims[dims.length - 1 - axis];
    }

    /** The same of any size: only the axis along which elements are neighbours is said. */
    Strided ofAnySize() {
        long[] anyDims = new long[dims.length];
        Arrays.fill(anyDims, OneDnn.RUNTIME);
        long[] anyStrides = anyDims.clone();
        anyStrides[strides[dims.length - 1] == 1 ? dims.length - 1 : dims.length - 2] = 1;
        return new Strided(type, anyDims, anyStrides);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Strided that
                && type == that.type
                && Arrays.equals(dims, that.dims)
                && Arrays.equals(strides, that.strides);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type + Arrays.hashCode(dims)) + Arrays.hashCode(strides);
    }

    @Override
    public String toString() {
        return (type == OneDnn.FLOAT ? "FLOAT" : "BFLOAT16") + Arrays.toString(dims) + " by "
                + Arrays.toString(strides);
    }
}
