package io.bertfinetune.ort.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Numbers in a file, opened only while they are read: nothing keeps the file from being deleted, on Windows either.
 *
 * @param file the file
 * @param offset where they begin, in bytes
 * @param size how many bytes they are
 */
record FileData(Path file, long offset, long size) implements Initializer.Data {
    static final int CHUNK = 1 << 16;

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(offset);
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(size, CHUNK));
            for (long left = size; left > 0; ) {
                chunk.clear().limit((int) Math.min(left, chunk.capacity()));
                int length = channel.read(chunk);
                if (length < 0) {
                    throw new EOFException(file + " ends " + left + " bytes early; it was changed while it was read");
                }
                out.write(chunk.array(), 0, length);
                left -= length;
            }
        }
    }
}
