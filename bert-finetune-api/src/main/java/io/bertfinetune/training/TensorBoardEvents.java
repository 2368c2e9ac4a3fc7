package io.bertfinetune.training;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What an event file of TensorBoard is made of: {@code Event} messages, framed as records. Files are these, one after the
 * other, the version first.
 *
 * <p>The messages are those of TensorFlow's {@code event.proto}, {@code summary.proto} and {@code tensor.proto}, the frame
 * is that of {@code record_writer.h}.
 */
final class TensorBoardEvents {
    private static final int DT_STRING = 7;

    private TensorBoardEvents() {}

    /** The record every file begins with. */
    static byte[] version(Instant time) {
        return record(event(time, 0).string(3, "brain.Event:2"));
    }

    /** One record with a number for each tag. */
    static byte[] scalars(Instant time, long step, Map<String, Double> numbers) {
        Message summary = new Message();
        numbers.forEach(
                (tag, number) -> summary.message(1, new Message().string(1, tag).float32(2, number.floatValue())));
        return record(event(time, step).message(5, summary));
    }

    /** A text for the text plugin, which shows it as Markdown; tagged as {@code SummaryWriter.add_text} does. */
    static byte[] text(Instant time, String tag, String text) {
        Message metadata = new Message().message(1, new Message().string(1, "text"));
        Message shape = new Message().message(2, new Message().varint(1, 1)); // [1]
        Message tensor = new Message().varint(1, DT_STRING).message(2, shape).string(8, text);
        Message value = new Message()
                .string(1, tag + "/text_summary")
                .message(8, tensor)
                .message(9, metadata);
        return record(event(time, 0).message(5, new Message().message(1, value)));
    }

    private static Message event(Instant time, long step) {
        return new Message().float64(1, time.toEpochMilli() / 1e3).varint(2, step);
    }

    /** Length, its checksum, the message, its checksum. */
    private static byte[] record(Message message) {
        byte[] data = message.toBytes();
        byte[] length = littleEndian(8).putLong(data.length).array();
        return littleEndian(length.length + data.length + 8)
                .put(length)
                .putInt(maskedChecksum(length))
                .put(data)
                .putInt(maskedChecksum(data))
                .array();
    }

    /** Turned and shifted, so that a checksum of data that contains checksums stays a good one. */
    private static int maskedChecksum(byte[] data) {
        CRC32C checksum = new CRC32C();
        checksum.update(data);
        return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A protobuf message, field by field. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int FIXED_64 = 1;
        private static final int LENGTH_DELIMITED = 2;
        private static final int FIXED_32 = 5;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            key(field, VARINT);
            varint(value);
            return this;
        }

        Message float64(int field, double value) {
            key(field, FIXED_64);
            bytes.writeBytes(littleEndian(8).putDouble(value).array());
            return this;
        }

        Message float32(int field, float value) {
            key(field, FIXED_32);
            bytes.writeBytes(littleEndian(4).putFloat(value).array());
            return this;
        }

        Message string(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.toBytes());
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }

        private Message bytes(int field, byte[] value) {
            key(field, LENGTH_DELIMITED);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        private void key(int field, int wireType) {
            varint((long) field << 3 | wireType);
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
    }
}
