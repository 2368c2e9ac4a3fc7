package io.bertfinetune.ort.engine;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.bertfinetune.ort.graph.DataType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Numbers in {@link HostMemory}, which ONNX Runtime reads and writes where they are. */
final class HostTensor extends PlacedTensor<HostMemory> {
    private @Nullable OnnxTensor onnx;

    private HostTensor(HostMemory memory, DataType type, List<Long> shape) {
        super(memory, type, shape);
    }

    private HostTensor(HostTensor parent, long from, List<Long> shape) {
        super(parent, from, shape);
    }

    static HostTensor allocate(DataType type, long... shape) {
        return new HostTensor(HostMemory.allocate(bytes(type, shape)), type, asList(shape));
    }

    @Override
    protected HostTensor part(long from, List<Long> dims) {
        return new HostTensor(this, from, dims);
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

    /** The tensor as ONNX Runtime sees it: made once, over the same memory. */
    synchronized OnnxTensor onnx(OrtEnvironment environment) {
        requireOpen();
        if (onnx == null) {
            long[] dims = shape().stream().mapToLong(Long::longValue).toArray();
            try {
                onnx = switch (type()) {
                    case FLOAT -> OnnxTensor.createTensor(environment, buffer().asFloatBuffer(), dims);
                    case INT64 -> OnnxTensor.createTensor(environment, buffer().asLongBuffer(), dims);
                    case BFLOAT16 -> OnnxTensor.createTensor(environment, buffer(), dims, OnnxJavaType.BFLOAT16);
                    case FLOAT16 -> OnnxTensor.createTensor(environment, buffer(), dims, OnnxJavaType.FLOAT16);
                    case UINT8 -> OnnxTensor.createTensor(environment, buffer(), dims, OnnxJavaType.UINT8);
                };
            } catch (OrtException e) {
                throw Failure.of("ONNX Runtime refuses a tensor of shape " + shape(), e);
            }
        }
        return onnx;
    }

    private ByteBuffer buffer() {
        requireOpen();
        return memory().buffer(start(), bytes());
    }

    @Override
    protected void forgetHandle() {
        if (onnx != null) {
            onnx.close();
            onnx = null;
        }
    }
}
