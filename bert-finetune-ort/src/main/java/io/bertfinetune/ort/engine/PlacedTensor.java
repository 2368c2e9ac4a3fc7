package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.DataType;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A tensor over some bytes of a {@link TensorMemory}, and the views of it. An engine's own kind of tensor adds how the memory is
 * written and read, and how native code is shown it.
 *
 * @param <M> the kind of memory
 */
public abstract class PlacedTensor<M extends TensorMemory> implements DeviceTensor {
    private final M memory;
    private final long start;
    private final DataType type;
    private final List<Long> shape;
    private final long size;
    private final Optional<PlacedTensor<M>> parent;
    private final Set<PlacedTensor<M>> views = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    /**
     * A tensor that fills a memory and closes it.
     *
     * @param memory memory of as many bytes as the shape takes
     * @param type the kind of number
     * @param shape the dimensions, outermost first
     */
    protected PlacedTensor(M memory, DataType type, List<Long> shape) {
        this.memory = memory;
        this.start = 0;
        this.type = type;
        this.shape = shape;
        this.size = count(shape);
        this.parent = Optional.empty();
    }

    /**
     * A view of a tensor, from this number on.
     *
     * @param parent the tensor, whose type it has
     * @param from the first number, counted over all dimensions
     * @param shape the dimensions, outermost first
     */
    protected PlacedTensor(PlacedTensor<M> parent, long from, List<Long> shape) {
        this.memory = parent.memory;
        this.start = parent.start + from * parent.type.bytes();
        this.type = parent.type;
        this.shape = shape;
        this.size = count(shape);
        this.parent = Optional.of(parent);
    }

    /**
     * A view of this tensor, from this number on; the arguments are checked.
     *
     * @param from the first number, counted over all dimensions
     * @param dims the dimensions of the view, outermost first
     * @return the view
     */
    protected abstract PlacedTensor<M> part(long from, List<Long> dims);

    /** Frees what shows the tensor to native code, if anything does. Called with this tensor's lock held. */
    protected abstract void forgetHandle();

    /**
     * The memory it lies in.
     *
     * @return the memory, shared with every view
     */
    protected final M memory() {
        return memory;
    }

    /**
     * Where in the memory it begins, in bytes.
     *
     * @return the offset; 0 for a tensor that is no view
     */
    protected final long start() {
        return start;
    }

    /**
     * How many bytes it has.
     *
     * @return the size in bytes
     */
    protected final long bytes() {
        return size() * type.bytes();
    }

    @Override
    public final DataType type() {
        return type;
    }

    @Override
    public final List<Long> shape() {
        return shape;
    }

    @Override
    public final long size() {
        return size;
    }

    private static long count(List<Long> dims) {
        long count = 1;
        for (long dim : dims) {
            count = Math.multiplyExact(count, dim);
        }
        return count;
    }

    @Override
    public final synchronized DeviceTensor view(long from, long... dims) {
        requireOpen();
        long count = bytes(type, dims) / type.bytes();
        if (from < 0 || from + count > size()) {
            throw new IllegalArgumentException("view of numbers " + from + " to " + (from + count) + " of a tensor of "
                    + size() + ", shape " + shape);
        }
        PlacedTensor<M> view = part(from, asList(dims));
        views.add(view);
        return view;
    }

    /**
     * Whether the two share a byte.
     *
     * @param other a tensor, of the same or another memory
     * @return true if a byte belongs to both
     */
    public final boolean overlaps(PlacedTensor<?> other) {
        return memory == other.memory && start < other.start + other.bytes() && other.start < start + bytes();
    }

    /**
     * Whether the two are the same bytes.
     *
     * @param other a tensor, of the same or another memory
     * @return true if both begin and end at the same byte
     */
    public final boolean covers(PlacedTensor<?> other) {
        return overlaps(other) && start == other.start && bytes() == other.bytes();
    }

    /** Does nothing while the tensor and its memory are open. */
    protected final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this tensor is closed");
        }
        memory.requireOpen();
    }

    @Override
    public final void close() {
        parent.ifPresent(p -> p.forget(this));
        release();
        if (parent.isEmpty()) {
            memory.close();
        }
    }

    private synchronized void forget(PlacedTensor<M> view) {
        views.remove(view);
    }

    private synchronized void release() {
        if (!closed) {
            closed = true;
            List.copyOf(views).forEach(PlacedTensor::release);
            views.clear();
            forgetHandle();
        }
    }

    /**
     * The bytes of a tensor.
     *
     * @param type the kind of number
     * @param shape the dimensions; none for a single number
     * @return the size in bytes
     * @throws IllegalArgumentException if a dimension is below 0
     */
    public static long bytes(DataType type, long... shape) {
        if (Arrays.stream(shape).anyMatch(dim -> dim < 0)) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has a negative dimension");
        }
        return Math.multiplyExact(Arrays.stream(shape).reduce(1, Math::multiplyExact), type.bytes());
    }

    /**
     * Dimensions as a list.
     *
     * @param dims the dimensions, outermost first
     * @return the same, in the same order
     */
    public static List<Long> asList(long... dims) {
        return Arrays.stream(dims).boxed().toList();
    }

    @Override
    public final String toString() {
        return type + shape.toString();
    }
}
