package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.ort.engine.HostMemory;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Memory of the host: written and read where it is. */
final class OnHost implements NativeMemory {
    private final HostMemory memory;
    private final Pointer info;
    private final Ledger ledger;

    OnHost(HostMemory memory, Pointer info, Ledger ledger) {
        this.memory = memory;
        this.info = info;
        this.ledger = ledger;
    }

    @Override
    public long address() {
        return memory.address();
    }

    @Override
    public boolean isOnHost() {
        return true;
    }

    @Override
    public Pointer info() {
        return info;
    }

    @Override
    public void write(long start, long bytes, Consumer<ByteBuffer> writer) {
        writer.accept(memory.buffer(start, bytes));
    }

    @Override
    public void read(long start, long bytes, Consumer<ByteBuffer> reader) {
        ByteBuffer buffer = memory.buffer(start, bytes);
        reader.accept(buffer.asReadOnlyBuffer().order(buffer.order()));
    }

    @Override
    public void requireOpen() {
        memory.requireOpen();
    }

    @Override
    public void close() {
        ledger.strikeOut(this);
        memory.close();
    }
}
