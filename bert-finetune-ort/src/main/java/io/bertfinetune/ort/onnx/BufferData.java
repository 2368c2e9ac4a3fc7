package io.bertfinetune.ort.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Numbers in memory.
 *
 * @param bytes the bytes, from position to limit
 */
record BufferData(ByteBuffer bytes) implements Initializer.Data {
    BufferData {
        bytes = bytes.slice().asReadOnlyBuffer();
    }

    @Override
    public long size() {
        return bytes.remaining();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        ByteBuffer left = bytes.duplicate();
        byte[] chunk = new byte[Math.min(left.remaining(), FileData.CHUNK)];
        while (left.hasRemaining()) {
            int length = Math.min(left.remaining(), chunk.length);
            left.get(chunk, 0, length);
            out.write(chunk, 0, length);
        }
    }
}
