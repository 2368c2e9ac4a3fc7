package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.error.AllocationException;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.ort.engine.HostMemory;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Memory of a device: writing and reading copy the bytes to the host and back. */
final class OnDevice implements NativeMemory {
    private final CudaMemory device;
    private final Pointer start;
    private final Ledger ledger;
    private boolean closed;

    private OnDevice(CudaMemory device, Pointer start, Ledger ledger) {
        this.device = device;
        this.start = start;
        this.ledger = ledger;
    }

    /**
     * New memory, filled with zeros.
     *
     * @throws AllocationException if there is not so much
     */
    static OnDevice allocate(CudaMemory device, long bytes, Ledger ledger) {
        try {
            OnDevice memory = new OnDevice(device, device.allocate(Math.max(bytes, 1)), ledger);
            boolean done = false;
            try {
                device.clear(Pointer.nativeValue(memory.start), bytes);
                done = true;
                return memory;
            } finally {
                if (!done) {
                    memory.close();
                }
            }
        } catch (OrtStatusException e) {
            throw new AllocationException(
                    "no " + bytes + " bytes are left on " + device.name() + "; use a smaller batch or a smaller model: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public synchronized long address() {
        requireOpen();
        return Pointer.nativeValue(start);
    }

    @Override
    public boolean isOnHost() {
        return false;
    }

    @Override
    public Pointer info() {
        return device.info();
    }

    @Override
    public void write(long from, long bytes, Consumer<ByteBuffer> writer) {
        try (HostMemory staged = HostMemory.allocate(bytes)) {
            download(from, bytes, staged);
            writer.accept(staged.buffer(0, bytes));
            device.upload(staged.address(), address() + from, bytes);
        } catch (OrtStatusException e) {
            throw new EngineException(
                    "copying " + bytes + " bytes to " + device.name() + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void read(long from, long bytes, Consumer<ByteBuffer> reader) {
        try (HostMemory staged = HostMemory.allocate(bytes)) {
            download(from, bytes, staged);
            ByteBuffer buffer = staged.buffer(0, bytes);
            reader.accept(buffer.asReadOnlyBuffer().order(buffer.order()));
        }
    }

    private void download(long from, long bytes, HostMemory to) {
        try {
            device.download(address() + from, to.address(), bytes);
        } catch (OrtStatusException e) {
            throw new EngineException(
                    "copying " + bytes + " bytes from " + device.name() + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this tensor is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ledger.strikeOut(this);
            device.free(start);
        }
    }
}
