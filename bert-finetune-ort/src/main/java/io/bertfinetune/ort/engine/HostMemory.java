package io.bertfinetune.ort.engine;

import com.sun.jna.Memory;
import io.bertfinetune.error.AllocationException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside of the Java heap, aligned to 64 bytes and filled with zeros, that lives until it is closed, in huge pages
 * where there are some. Not a direct {@link ByteBuffer}: those count against {@code -Xmx} and are freed only when the collector
 * finds them.
 */
public final class HostMemory implements TensorMemory {
    private static final int ALIGNMENT = 64;

    private final Memory memory;
    private final long start;
    private final long bytes;
    private boolean closed;

    private HostMemory(Memory memory, long start, long bytes) {
        this.memory = memory;
        this.start = start;
        this.bytes = bytes;
    }

    /**
     * New memory.
     *
     * @param bytes how many bytes, 0 or more
     * @return the memory, filled with zeros; the caller closes it
     * @throws AllocationException if there is not so much
     */
    public static HostMemory allocate(long bytes) {
        try {
            Memory memory = new Memory(Math.addExact(Math.max(bytes, 1), ALIGNMENT));
            long address = com.sun.jna.Pointer.nativeValue(memory);
            HugePages.ask(address, memory.size());
            memory.clear();
            return new HostMemory(memory, Math.floorMod(-address, (long) ALIGNMENT), bytes);
        } catch (OutOfMemoryError e) {
            throw new AllocationException(
                    "no " + bytes + " bytes of native memory are left; use a smaller batch, a smaller"
                            + " model, or a machine with more memory",
                    e);
        }
    }

    /**
     * Some of the memory as a buffer in native byte order, of at most 2 GB.
     *
     * @param offset the first byte, from 0
     * @param length how many bytes
     * @return a buffer of that many bytes over the memory itself
     */
    public synchronized ByteBuffer buffer(long offset, long length) {
        requireOpen();
        if (offset < 0 || length < 0 || offset + length > bytes || length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "bytes " + offset + " to " + (offset + length) + " of " + bytes + " as one buffer");
        }
        return memory.getByteBuffer(start + offset, Math.max(length, 1))
                .limit((int) length)
                .order(ByteOrder.nativeOrder());
    }

    /**
     * Where it begins, for native code; it stays there while this object is reachable and open.
     *
     * @return the address of the first byte
     */
    public synchronized long address() {
        requireOpen();
        return com.sun.jna.Pointer.nativeValue(memory) + start;
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
            memory.close();
        }
    }
}
