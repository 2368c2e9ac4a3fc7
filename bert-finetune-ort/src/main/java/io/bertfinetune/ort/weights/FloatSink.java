package io.bertfinetune.ort.weights;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Takes the little-endian bytes of a tensor as they come and puts them into a buffer as floats. */
final class FloatSink extends OutputStream {
    private static final int CHUNK = 1 << 16;

    private final FloatType type;
    private final FloatBuffer target;
    /** What was written and not yet put; a number may be cut in two. */
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    /** The dimensions of the matrix as it comes, if it is to be transposed; else 0. */
    private final int rows;

    private final int columns;
    private int row;
    private int column;

    private FloatSink(FloatType type, FloatBuffer target, int rows, int columns) {
        this.type = type;
        this.target = target.slice();
        this.rows = rows;
        this.columns = columns;
    }

    /** Puts the numbers in the order in which they come. */
    static FloatSink inOrder(FloatType type, FloatBuffer target) {
        return new FloatSink(type, target, 0, 0);
    }

    /** Puts a [rows, columns] matrix as [columns, rows]. */
    static FloatSink transposing(FloatType type, FloatBuffer target, int rows, int columns) {
        return new FloatSink(type, target, rows, columns);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        write(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Takes all that remains in the buffer. */
    void write(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int taken = Math.min(bytes.remaining(), chunk.remaining());
            chunk.put(bytes.slice().limit(taken));
            bytes.position(bytes.position() + taken);
            if (!chunk.hasRemaining()) {
                flush();
            }
        }
    }

    /** Puts every whole number that was written. */
    @Override
    public void flush() {
        chunk.flip();
        if (rows > 0) {
            putTransposed();
        } else if (type == FloatType.F32) {
            FloatBuffer floats = chunk.asFloatBuffer();
            target.put(floats);
            chunk.position(floats.position() * Float.BYTES);
        } else {
            while (chunk.remaining() >= type.bytes()) {
                target.put(type.read(chunk));
            }
        }
        chunk.compact();
    }

    private void putTransposed() {
        while (chunk.remaining() >= type.bytes()) {
            target.put(column * rows + row, type.read(chunk));
            if (++column == columns) {
                column = 0;
                row++;
            }
        }
    }
}
