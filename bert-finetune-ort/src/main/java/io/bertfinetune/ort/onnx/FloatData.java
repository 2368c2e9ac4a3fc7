package io.bertfinetune.ort.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Supplier;

/**
 * Floats that live elsewhere.
 *
 * @param count how many there are
 * @param values hands them out
 */
record FloatData(long count, Supplier<FloatBuffer> values) implements Initializer.Data {
    @Override
    public long size() {
        return count * Float.BYTES;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        FloatBuffer left = values.get().duplicate();
        if (left.remaining() != count) {
            throw new IllegalStateException("expected " + count + " floats to write, found " + left.remaining());
        }
        ByteBuffer chunk = ByteBuffer.allocate(FileData.CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = chunk.asFloatBuffer();
        while (left.hasRemaining()) {
            int length = Math.min(left.remaining(), floats.capacity());
            floats.clear().put(left.slice().limit(length));
            left.position(left.position() + length);
            out.write(chunk.array(), 0, length * Float.BYTES);
        }
    }
}
