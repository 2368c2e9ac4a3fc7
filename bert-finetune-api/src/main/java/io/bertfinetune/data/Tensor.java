package io.bertfinetune.data;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/** Numbers on the host in rows, the last dimension fastest: {@code long} for ids and masks, {@code float} for the rest. */
public final class Tensor {
    private final List<Integer> shape;
    private final long[] longs;
    private final float[] floats;

    private Tensor(List<Integer> shape, long[] longs, float[] floats) {
        int size = shape.stream().reduce(1, Math::multiplyExact);
        if (size != longs.length + floats.length) {
            throw new IllegalArgumentException(
                    "Tensor: shape " + shape + " holds " + size + " numbers, found " + (longs.length + floats.length));
        }
        this.shape = shape;
        this.longs = longs;
        this.floats = floats;
    }

    /**
     * A tensor of whole numbers.
     *
     * @param values the numbers, row by row; copied
     * @param shape the dimensions, outermost first
     * @return the tensor
     * @throws IllegalArgumentException if the shape does not hold as many numbers
     */
    public static Tensor ofLongs(long[] values, int... shape) {
        return new Tensor(Arrays.stream(shape).boxed().toList(), values.clone(), new float[0]);
    }

    /**
     * A tensor of 32-bit floating point numbers.
     *
     * @param values the numbers, row by row; copied
     * @param shape the dimensions, outermost first
     * @return the tensor
     * @throws IllegalArgumentException if the shape does not hold as many numbers
     */
    public static Tensor ofFloats(float[] values, int... shape) {
        return new Tensor(Arrays.stream(shape).boxed().toList(), new long[0], values.clone());
    }

    /**
     * The dimensions, outermost first.
     *
     * @return the shape
     */
    public List<Integer> shape() {
        return shape;
    }

    /**
     * The numbers of a tensor made by {@link #ofLongs}.
     *
     * @return a read-only view; empty if this tensor holds floats
     */
    public LongBuffer longs() {
        return LongBuffer.wrap(longs).asReadOnlyBuffer();
    }

    /**
     * The numbers of a tensor made by {@link #ofFloats}.
     *
     * @return a read-only view; empty if this tensor holds longs
     */
    public FloatBuffer floats() {
        return FloatBuffer.wrap(floats).asReadOnlyBuffer();
    }

    /**
     * The shape, for messages.
     *
     * @return {@code Tensor[16, 128]}
     */
    @Override
    public String toString() {
        return "Tensor" + shape;
    }
}
