package io.bertfinetune.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an event file of TensorBoard by the book, and shares nothing with what writes it: the checksum is computed bit by
 * bit, and messages are read without knowing which fields to expect.
 */
final class EventFile {
    private static final int CASTAGNOLI = 0x82f63b78;

    /** An event: seconds since 1970, a version, or numbers and texts by tag. */
    record Event(
            double wallTime,
            long step,
            Optional<String> fileVersion,
            Map<String, Float> scalars,
            Map<String, String> texts) {}

    private EventFile() {}

    /** All events; an {@link AssertionError} if a byte of the file is not as it should be. */
    static List<Event> read(Path file) throws IOException {
        return parse(Files.readAllBytes(file));
    }

    static List<Event> parse(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (in.hasRemaining()) {
            int start = in.position();
            long length = in.getLong();
            check(in.getInt() == masked(crc(file, start, 8)), "checksum of the length at " + start);
            check(length <= in.remaining() - 4, "length " + length + " at " + start);
            byte[] data = new byte[(int) length];
            in.get(data);
            check(in.getInt() == masked(crc(data, 0, data.length)), "checksum of the record at " + start);
            events.add(event(data));
        }
        return events;
    }

    static int crc(byte[] data, int from, int count) {
        int crc = ~0;
        for (int i = from; i < from + count; i++) {
            crc ^= data[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ CASTAGNOLI;
            }
        }
        return ~crc;
    }

    private static int masked(int crc) {
        return (int) (((crc & 0xffffffffL) >> 15 | (crc & 0xffffffffL) << 17) + 0xa282ead8L);
    }

    private static Event event(byte[] data) {
        Map<String, Float> scalars = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        Map<Integer, List<Object>> fields = message(data);
        for (Object summary : fields.getOrDefault(5, List.of())) {
            for (Object each : message((byte[]) summary).getOrDefault(1, List.of())) {
                Map<Integer, List<Object>> value = message((byte[]) each);
                String tag = string(only(value, 1));
                if (value.containsKey(2)) {
                    scalars.put(tag, Float.intBitsToFloat((int) only(value, 2)));
                } else {
                    texts.put(tag, text(value));
                }
            }
        }
        return new Event(
                Double.longBitsToDouble((long) only(fields, 1)),
                fields.containsKey(2) ? (long) only(fields, 2) : 0,
                fields.containsKey(3) ? Optional.of(string(only(fields, 3))) : Optional.empty(),
                scalars,
                texts);
    }

    private static String text(Map<Integer, List<Object>> value) {
        Map<Integer, List<Object>> metadata = message((byte[]) only(value, 9));
        Map<Integer, List<Object>> plugin = message((byte[]) only(metadata, 1));
        check(string(only(plugin, 1)).equals("text"), "plugin");
        Map<Integer, List<Object>> tensor = message((byte[]) only(value, 8));
        check((long) only(tensor, 1) == 7, "a tensor of strings");
        Map<Integer, List<Object>> shape = message((byte[]) only(tensor, 2));
        check((long) only(message((byte[]) only(shape, 2)), 1) == 1, "one of them");
        return string(only(tensor, 8));
    }

    private static Object only(Map<Integer, List<Object>> message, int field) {
        List<Object> values = message.getOrDefault(field, List.of());
        check(values.size() == 1, "field " + field + " once, found " + values.size() + " times");
        return values.get(0);
    }

    private static String string(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    /** The values of each field: Long for varints and 64 bits, Integer for 32 bits, byte[] for everything else. */
    private static Map<Integer, List<Object>> message(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            long key = varint(in);
            Object value = switch ((int) (key & 7)) {
                case 0 -> varint(in);
                case 1 -> in.getLong();
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    yield bytes;
                }
                case 5 -> in.getInt();
                default -> throw new AssertionError("wire type of key " + key);
            };
            fields.computeIfAbsent((int) (key >>> 3), field -> new ArrayList<>())
                    .add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("event file: expected " + what);
        }
    }
}
