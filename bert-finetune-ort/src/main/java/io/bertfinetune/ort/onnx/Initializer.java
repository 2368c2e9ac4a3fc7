package io.bertfinetune.ort.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor that is part of a model: a parameter or a constant.
 *
 * @param name its name in the graph
 * @param elementType the kind of number, a code of {@link ElementType}
 * @param dims its dimensions, outermost first; empty for a single number
 * @param data its numbers
 */
public record Initializer(String name, int elementType, List<Long> dims, Data data) {
    /** The numbers of a tensor, handed out when asked for: little endian, the last dimension fastest. */
    public interface Data {
        /**
         * How many bytes there are.
         *
         * @return the size in bytes
         */
        long size();

        /**
         * Writes all bytes.
         *
         * @param out where to; not closed
         * @throws IOException if they cannot be read or written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Copies the dimensions and checks that the data is as long as they say.
     *
     * @param name its name in the graph
     * @param elementType a code of {@link ElementType}
     * @param dims its dimensions, outermost first; empty for a single number
     * @param data its numbers, as many as the dimensions say
     */
    public Initializer {
        dims = List.copyOf(dims);
        long expected = Math.multiplyExact(count(dims), (long) ElementType.bytes(elementType));
        if (data.size() != expected) {
            throw new IllegalArgumentException("initializer " + name + ": " + ElementType.name(elementType) + dims
                    + " takes " + expected + " bytes, found " + data.size());
        }
    }

    /**
     * A tensor of floats.
     *
     * @param name its name in the graph
     * @param dims its dimensions
     * @param values the numbers; copied
     * @return the tensor
     */
    public static Initializer ofFloats(String name, List<Long> dims, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new Initializer(name, ElementType.FLOAT, dims, new BufferData(bytes));
    }

    /**
     * A tensor of floats that live elsewhere and are fetched when it is written.
     *
     * @param name its name in the graph
     * @param dims its dimensions
     * @param values hands out the numbers, between position and limit of the buffer; asked at each writing
     * @return the tensor
     */
    public static Initializer ofFloats(String name, List<Long> dims, Supplier<FloatBuffer> values) {
        return new Initializer(name, ElementType.FLOAT, dims, new FloatData(count(dims), values));
    }

    /**
     * A tensor of 64-bit whole numbers.
     *
     * @param name its name in the graph
     * @param dims its dimensions
     * @param values the numbers; copied
     * @return the tensor
     */
    public static Initializer ofLongs(String name, List<Long> dims, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return new Initializer(name, ElementType.INT64, dims, new BufferData(bytes));
    }

    /**
     * How many numbers there are.
     *
     * @return the product of the dimensions
     */
    public long count() {
        return count(dims);
    }

    /**
     * The numbers of a tensor that is small enough for the heap.
     *
     * @return the bytes, little endian
     * @throws IOException if they cannot be read
     */
    public ByteBuffer bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(data.size()));
        data.writeTo(bytes);
        return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long count(List<Long> dims) {
        return dims.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }
}
