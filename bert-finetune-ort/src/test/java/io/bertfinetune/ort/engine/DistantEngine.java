package io.bertfinetune.ort.engine;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.lowering.CudaLowering;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * An engine whose memory the host cannot reach, as that of a GPU: it computes on the processor, with the lowering for
 * CUDA, and hands out copies that are worthless after the call. Counts what crosses the border.
 */
public final class DistantEngine implements Engine {
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLong bytesWritten = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final OrtEngine here = OrtEngine.cpu(CudaLowering.in(Precision.FLOAT32), 1);

    /** How many bytes have been read from memory that is not the host's. */
    public long bytesRead() {
        return bytesRead.get();
    }

    /** How many bytes have been written to memory that is not the host's. */
    public long bytesWritten() {
        return bytesWritten.get();
    }

    /** How many runs there have been. */
    public long runs() {
        return runs.get();
    }

    @Override
    public String name() {
        return "distant " + here.name();
    }

    @Override
    public boolean isOnHost() {
        return false;
    }

    @Override
    public Optional<String> missingFor(Precision precision) {
        return Optional.empty();
    }

    @Override
    public DeviceTensor allocate(DataType type, long... shape) {
        return new Distant(here.allocate(type, shape));
    }

    @Override
    public DeviceTensor allocateOnHost(DataType type, long... shape) {
        return here.allocate(type, shape);
    }

    @Override
    public Executable compile(Program program) {
        return new Reaching(here.compile(program));
    }

    @Override
    public Executable compile(Program program, Precision precision) {
        // On the processor, where types of 16 bits have no kernels of their own.
        return new Reaching(OrtEngine.cpu(CudaLowering.in(precision), 1).compile(program));
    }

    @Override
    public Executable compileForPieces(Program program) {
        return new Reaching(here.compileForPieces(program));
    }

    @Override
    public void close() {
        here.close();
    }

    private final class Reaching implements Executable {
        private final Executable program;

        Reaching(Executable program) {
            this.program = program;
        }

        @Override
        public void run(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
            runs.incrementAndGet();
            program.run(reached(inputs), reached(outputs));
        }

        private Map<String, DeviceTensor> reached(Map<String, DeviceTensor> tensors) {
            Map<String, DeviceTensor> reached = new HashMap<>();
            tensors.forEach(
                    (name, tensor) -> reached.put(name, tensor instanceof Distant distant ? distant.tensor : tensor));
            return reached;
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private final class Distant implements DeviceTensor {
        private final DeviceTensor tensor;

        Distant(DeviceTensor tensor) {
            this.tensor = tensor;
        }

        @Override
        public DataType type() {
            return tensor.type();
        }

        @Override
        public List<Long> shape() {
            return tensor.shape();
        }

        @Override
        public boolean isOnHost() {
            return false;
        }

        @Override
        public void write(Consumer<ByteBuffer> writer) {
            tensor.write(there -> lent(there, copy -> {
                writer.accept(copy.duplicate().order(copy.order()));
                there.put(copy);
                bytesWritten.addAndGet(there.capacity());
            }));
        }

        @Override
        public void read(Consumer<ByteBuffer> reader) {
            bytesRead.addAndGet(tensor.size() * tensor.type().bytes());
            tensor.read(there ->
                    lent(there, copy -> reader.accept(copy.asReadOnlyBuffer().order(copy.order()))));
        }

        private static void lent(ByteBuffer there, Consumer<ByteBuffer> user) {
            ByteBuffer copy = ByteBuffer.allocate(there.remaining()).order(there.order());
            copy.put(there.duplicate()).flip();
            user.accept(copy);
            java.util.Arrays.fill(copy.array(), (byte) 0x7F);
        }

        @Override
        public DeviceTensor view(long start, long... shape) {
            return new Distant(tensor.view(start, shape));
        }

        @Override
        public void close() {
            tensor.close();
        }
    }
}
