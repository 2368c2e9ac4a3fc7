package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Numbers in an array on the heap, or in a stretch of another tensor's. */
final class ReferenceTensor implements DeviceTensor {
    private final byte[] memory;
    private final int start;
    private final DataType type;
    private final List<Long> shape;
    private final Optional<ReferenceTensor> parent;
    private volatile boolean closed;

    private ReferenceTensor(byte[] memory, int start, DataType type, long[] shape, Optional<ReferenceTensor> parent) {
        this.memory = memory;
        this.start = start;
        this.type = type;
        this.shape = Arrays.stream(shape).boxed().toList();
        this.parent = parent;
    }

    static ReferenceTensor allocate(DataType type, long... shape) {
        byte[] memory = new byte[bytes(type, count(shape))];
        return new ReferenceTensor(memory, 0, type, shape, Optional.empty());
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public List<Long> shape() {
        return shape;
    }

    @Override
    public void write(Consumer<ByteBuffer> writer) {
        writer.accept(buffer());
    }

    @Override
    public void read(Consumer<ByteBuffer> reader) {
        reader.accept(buffer().asReadOnlyBuffer().order(ByteOrder.nativeOrder()));
    }

    @Override
    public DeviceTensor view(long from, long... dims) {
        requireOpen();
        long count = count(dims);
        if (from < 0 || from + count > size()) {
            throw new IllegalArgumentException("view of numbers " + from + " to " + (from + count) + " of a tensor of "
                    + size() + ", shape " + shape);
        }
        return new ReferenceTensor(memory, start + bytes(type, from), type, dims, Optional.of(this));
    }

    /** Whether the two share a byte. */
    boolean overlaps(ReferenceTensor other) {
        return memory == other.memory && start < other.end() && other.start < end();
    }

    /** Whether the two are the same bytes. */
    boolean covers(ReferenceTensor other) {
        return memory == other.memory && start == other.start && end() == other.end();
    }

    private int end() {
        return start + bytes(type, size());
    }

    private ByteBuffer buffer() {
        requireOpen();
        return ByteBuffer.wrap(memory, start, bytes(type, size())).slice().order(ByteOrder.nativeOrder());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this tensor is closed");
        }
        parent.ifPresent(ReferenceTensor::requireOpen);
    }

    @Override
    public void close() {
        closed = true;
    }

    private static long count(long... shape) {
        if (Arrays.stream(shape).anyMatch(dim -> dim < 0)) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has a negative dimension");
        }
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private static int bytes(DataType type, long count) {
        return Math.toIntExact(Math.multiplyExact(count, type.bytes()));
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
