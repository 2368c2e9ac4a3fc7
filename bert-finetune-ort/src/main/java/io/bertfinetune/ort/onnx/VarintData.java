package io.bertfinetune.ort.onnx;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Whole numbers as protobuf packs them, each a varint.
 *
 * @param packed the varints
 * @param count how many there are
 * @param width the size of one number unpacked, in bytes
 */
record VarintData(Initializer.Data packed, long count, int width) implements Initializer.Data {
    private static final int LONGEST_VARINT = 10;

    @Override
    public long size() {
        return count * width;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        packed.writeTo(new Unpacker(out));
    }

    /** Takes varints cut anywhere and writes little-endian numbers of the same width. */
    private final class Unpacker extends OutputStream {
        private final OutputStream out;
        private final byte[] varint = new byte[LONGEST_VARINT];
        private int length;

        private Unpacker(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            varint[length++] = (byte) b;
            if ((b & 0x80) == 0) {
                long value = CodedInputStream.newInstance(varint, 0, length).readRawVarint64();
                for (int shift = 0; shift < width * Byte.SIZE; shift += Byte.SIZE) {
                    out.write((int) (value >>> shift));
                }
                length = 0;
            }
        }
    }
}
