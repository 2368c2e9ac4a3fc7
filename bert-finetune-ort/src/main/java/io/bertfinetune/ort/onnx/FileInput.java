package io.bertfinetune.ort.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file as a stream that skips without reading. */
final class FileInput extends InputStream {
    private final SeekableByteChannel channel;

    FileInput(Path file) throws IOException {
        channel = Files.newByteChannel(file);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public long skip(long count) throws IOException {
        long from = channel.position();
        long to = Math.max(from, Math.min(channel.size(), from + count));
        channel.position(to);
        return to - from;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
