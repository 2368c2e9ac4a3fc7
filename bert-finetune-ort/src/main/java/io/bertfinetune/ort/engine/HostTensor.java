package io.bertfinetune.ort.engine;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.ort.graph.DataType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Numbers in {@link HostMemory}, which ONNX Runtime reads and writes where they are. */
final class HostTensor implements DeviceTensor {
    private final HostMemory memory;
    private final long start;
    private final DataType type;
    private final List<Long> shape;
    private final Optional<HostTensor> parent;
    private final Set<HostTensor> views = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable OnnxTensor onnx;
    private boolean closed;

    private HostTensor(HostMemory memory, long start, DataType type, List<Long> shape, Optional<HostTensor> parent) {
        this.memory = memory;
        this.start = start;
        this.type = type;
        this.shape = shape;
        this.parent = parent;
    }

    static HostTensor allocate(DataType type, long... shape) {
        HostMemory memory = HostMemory.allocate(Math.multiplyExact(count(shape), type.bytes()));
        return new HostTensor(memory, 0, type, asList(shape), Optional.empty());
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
        ByteBuffer buffer = buffer();
        reader.accept(buffer.asReadOnlyBuffer().order(buffer.order()));
    }

    @Override
    public synchronized HostTensor view(long from, long... dims) {
        requireOpen();
        long count = count(dims);
        if (from < 0 || from + count > size()) {
            throw new IllegalArgumentException("view of numbers " + from + " to " + (from + count) + " of a tensor of "
                    + size() + ", shape " + shape);
        }
        HostTensor view = new HostTensor(memory, start + from * type.bytes(), type, asList(dims), Optional.of(this));
        views.add(view);
        return view;
    }

    /** The tensor as ONNX Runtime sees it: made once, over the same memory. */
    synchronized OnnxTensor onnx(OrtEnvironment environment) {
        requireOpen();
        if (onnx == null) {
            long[] dims = shape.stream().mapToLong(Long::longValue).toArray();
            try {
                onnx = switch (type) {
                    case FLOAT -> OnnxTensor.createTensor(environment, buffer().asFloatBuffer(), dims);
                    case INT64 -> OnnxTensor.createTensor(environment, buffer().asLongBuffer(), dims);
                    case BFLOAT16 -> OnnxTensor.createTensor(environment, buffer(), dims, OnnxJavaType.BFLOAT16);
                    case FLOAT16 -> OnnxTensor.createTensor(environment, buffer(), dims, OnnxJavaType.FLOAT16);
                    case UINT8 -> OnnxTensor.createTensor(environment, buffer(), dims, OnnxJavaType.UINT8);
                };
            } catch (OrtException e) {
                throw new EngineException("ONNX Runtime refuses a tensor of shape " + shape + ": " + e.getMessage(), e);
            }
        }
        return onnx;
    }

    /** Whether the two share a byte. */
    boolean overlaps(HostTensor other) {
        return memory == other.memory
                && start < other.start + other.size() * other.type.bytes()
                && other.start < start + size() * type.bytes();
    }

    /** Whether the two are the same bytes. */
    boolean covers(HostTensor other) {
        return overlaps(other) && start == other.start && size() * type.bytes() == other.size() * other.type.bytes();
    }

    private ByteBuffer buffer() {
        requireOpen();
        return memory.buffer(start, size() * type.bytes());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this tensor is closed");
        }
        memory.requireOpen();
    }

    @Override
    public void close() {
        parent.ifPresent(p -> p.forget(this));
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            List.copyOf(views).forEach(HostTensor::release);
            views.clear();
            if (onnx != null) {
                onnx.close();
                onnx = null;
            }
        }
        if (parent.isEmpty()) {
            memory.close();
        }
    }

    private synchronized void forget(HostTensor view) {
        views.remove(view);
    }

    private synchronized void release() {
        closed = true;
        List.copyOf(views).forEach(HostTensor::release);
        views.clear();
        if (onnx != null) {
            onnx.close();
            onnx = null;
        }
    }

    private static long count(long[] shape) {
        if (Arrays.stream(shape).anyMatch(dim -> dim < 0)) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has a negative dimension");
        }
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private static List<Long> asList(long[] dims) {
        return Arrays.stream(dims).boxed().toList();
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
