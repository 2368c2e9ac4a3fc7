package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.DataType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** Numbers where an engine keeps them. Made by {@link Engine#allocate}, filled with zeros; whoever asked for it closes it. */
public interface DeviceTensor extends AutoCloseable {
    /**
     * The kind of number.
     *
     * @return the type
     */
    DataType type();

    /**
     * The dimensions, outermost first.
     *
     * @return the dimensions; none for a single number
     */
    List<Long> shape();

    /**
     * How many numbers there are.
     *
     * @return the product of the dimensions
     */
    default long size() {
        return shape().stream().reduce(1L, Math::multiplyExact);
    }

    /**
     * Whether it lies in the host's own memory: what {@link #read} hands over then stays valid while it is open.
     *
     * @return true, unless a kind of tensor says otherwise
     */
    default boolean isOnHost() {
        return true;
    }

    /**
     * Writes the numbers, in native byte order. An engine that keeps numbers in host memory hands over that memory and
     * nothing is copied; what is not written stays as it was.
     *
     * @param writer is given a buffer of the tensor's size in bytes
     */
    void write(Consumer<ByteBuffer> writer);

    /**
     * Reads the numbers, in native byte order.
     *
     * @param reader is given a read-only buffer of the tensor's size in bytes, valid while it is called (longer if {@link #isOnHost})
     */
    void read(Consumer<ByteBuffer> reader);

    /**
     * Some of these numbers as a tensor of its own over the same memory. Closing it frees nothing; closing this one ends
     * it.
     *
     * @param start the first number, counted over all dimensions
     * @param shape its dimensions
     * @return the view
     */
    DeviceTensor view(long start, long... shape);

    /** Frees the memory. Closing twice does nothing; any other use of a closed tensor is an {@link IllegalStateException}. */
    @Override
    void close();
}
