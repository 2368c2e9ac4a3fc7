package io.bertfinetune.ort.weights;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.bertfinetune.error.ModelFormatException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header of a safetensors file: 8 bytes with its length, then JSON that says of each tensor its type, its shape,
 * and which of the bytes that follow are its own.
 *
 * <p>Checked in the order of the reference reader ({@code read_metadata} and {@code validate} of the Rust crate), with
 * the same verdicts but two: a tensor name that occurs twice is refused, as the format's description demands, and so
 * are counts no model has. Nothing is reserved for what the file only claims.
 */
final class SafeTensorsHeader {
    /** Bytes before the header. */
    static final int LENGTH_BYTES = 8;
    /** How long a header may be, in bytes. */
    static final long MAX_LENGTH = 100_000_000;

    private static final int MAX_TENSORS = 100_000;
    private static final int MAX_RANK = 64;
    private static final int MAX_NESTING = 127;
    /** Longer names and numbers are refused, so that they do not get into messages. */
    private static final int MAX_NAME = 1000;

    private static final int MAX_DIGITS = 20;
    private static final String METADATA = "__metadata__";

    /**
     * One tensor. Numbers are unsigned until {@link #check} has seen them.
     *
     * @param begin where its bytes begin, counted from the end of the header
     * @param end where they end
     */
    record Entry(TensorType type, List<Long> shape, long begin, long end) {}

    private final String file;
    private final Map<String, Entry> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private long length;

    private SafeTensorsHeader(String file) {
        this.file = file;
    }

    /** Reads and checks the header of an open file. */
    static SafeTensorsHeader read(String file, FileChannel channel) throws IOException {
        SafeTensorsHeader header = new SafeTensorsHeader(file);
        header.readLength(channel);
        header.checkUtf8(channel);
        header.parse(channel);
        header.check(channel.size());
        return header;
    }

    /** The tensors by name, in the order of the header. */
    Map<String, Entry> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** The notes the file carries. */
    Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** Where in the file the bytes of the tensors begin. */
    long dataStart() {
        return LENGTH_BYTES + length;
    }

    private void readLength(FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer head = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        int count;
        do {
            count = channel.read(head, head.position());
        } while (count >= 0 && head.hasRemaining());
        head.flip();
        if (head.remaining() >= LENGTH_BYTES) {
            length = head.getLong(0);
            if (length >= 0 && length <= Math.min(MAX_LENGTH, size - LENGTH_BYTES)) {
                return;
            }
        }
        byte[] bytes = new byte[head.remaining()];
        head.get(bytes);
        Lookalike.of(bytes).ifPresent(what -> {
            throw bad("not a safetensors file; it looks like " + what);
        });
        if (size < LENGTH_BYTES) {
            throw bad("it has " + size + " bytes, a safetensors file begins with 8 that hold the length of its header");
        }
        if (length < 0 || length > MAX_LENGTH) {
            throw bad("the header claims " + Long.toUnsignedString(length) + " bytes, at most " + MAX_LENGTH
                    + " are allowed; is it a safetensors file?");
        }
        throw bad("the header claims " + length + " bytes, the file has " + (size - LENGTH_BYTES)
                + " after its length; it is cut off");
    }

    private void checkUtf8(FileChannel channel) throws IOException {
        try (Reader reader = text(channel)) {
            char[] some = new char[8192];
            int count;
            do {
                count = reader.read(some);
            } while (count >= 0);
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(file + ": the header is not UTF-8", e);
        }
    }

    private Reader text(FileChannel channel) {
        return new InputStreamReader(
                new ChannelInput(channel, LENGTH_BYTES, length), StandardCharsets.UTF_8.newDecoder());
    }

    private void parse(FileChannel channel) throws IOException {
        Reader text = text(channel);
        JsonReader json = new JsonReader(new Reader() {
            private boolean begun;

            @Override
            public int read(char[] chars, int offset, int count) throws IOException {
                int read = text.read(chars, offset, count);
                if (!begun && read > 0 && chars[offset] == '\uFEFF') { // which Gson would pass over
                    throw bad("the header is not valid JSON: it begins with a byte order mark");
                }
                begun = true;
                return read;
            }

            @Override
            public void close() throws IOException {
                text.close();
            }
        });
        json.setStrictness(Strictness.STRICT);
        json.setNestingLimit(MAX_NESTING);
        try {
            expect(json, JsonToken.BEGIN_OBJECT);
            boolean metadataSeen = false;
            json.beginObject();
            while (json.hasNext()) {
                String name = name(json);
                if (name.equals(METADATA)) {
                    if (metadataSeen) {
                        throw bad("the header has " + METADATA + " twice");
                    }
                    metadataSeen = true;
                    parseMetadata(json);
                } else {
                    Entry entry = parseEntry(json, name);
                    if (tensors.put(name, entry) != null) {
                        throw bad("the header has tensor '" + name + "' twice");
                    }
                    if (tensors.size() > MAX_TENSORS) {
                        throw bad("the header has more than " + MAX_TENSORS + " tensors");
                    }
                }
            }
            json.endObject();
            expect(json, JsonToken.END_DOCUMENT);
        } catch (ModelFormatException e) {
            throw e;
        } catch (IOException | JsonParseException | IllegalStateException | NumberFormatException e) {
            throw new ModelFormatException(file + ": the header is not valid JSON at " + json.getPath(), e);
        }
    }

    private void parseMetadata(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.NULL) {
            json.nextNull();
            return;
        }
        expect(json, JsonToken.BEGIN_OBJECT);
        json.beginObject();
        while (json.hasNext()) {
            String key = name(json);
            expect(json, JsonToken.STRING);
            if (metadata.put(key, text(json)) != null) {
                throw bad("the header's " + METADATA + " has '" + key + "' twice");
            }
            if (metadata.size() > MAX_TENSORS) {
                throw bad("the header's " + METADATA + " has more than " + MAX_TENSORS + " entries");
            }
        }
        json.endObject();
    }

    private Entry parseEntry(JsonReader json, String tensor) throws IOException {
        expect(json, JsonToken.BEGIN_OBJECT);
        Set<String> seen = new HashSet<>();
        String dtype = "";
        List<Long> shape = List.of();
        List<Long> offsets = List.of();
        json.beginObject();
        while (json.hasNext()) {
            String field = name(json);
            switch (field) {
                case "dtype" -> {
                    expect(json, JsonToken.STRING);
                    dtype = text(json);
                }
                case "shape" -> shape = unsignedNumbers(json, tensor, field, MAX_RANK);
                case "data_offsets" -> offsets = unsignedNumbers(json, tensor, field, 2);
                default -> {
                    json.skipValue();
                    continue;
                }
            }
            if (!seen.add(field)) {
                throw bad("the header's tensor '" + tensor + "' has " + field + " twice");
            }
        }
        json.endObject();
        for (String field : List.of("dtype", "shape", "data_offsets")) {
            if (!seen.contains(field)) {
                throw bad("the header's tensor '" + tensor + "' has no " + field);
            }
        }
        if (offsets.size() != 2) {
            throw bad("the header's tensor '" + tensor + "' has " + offsets.size() + " data_offsets, expected 2");
        }
        String found = shortened(dtype);
        TensorType type = TensorType.named(dtype)
                .orElseThrow(() -> bad("the header's tensor '" + tensor + "' has dtype " + found
                        + ", which is not one of " + List.of(TensorType.values())));
        return new Entry(type, shape, offsets.get(0), offsets.get(1));
    }

    private List<Long> unsignedNumbers(JsonReader json, String tensor, String field, int most) throws IOException {
        List<Long> numbers = new ArrayList<>();
        expect(json, JsonToken.BEGIN_ARRAY);
        json.beginArray();
        while (json.hasNext()) {
            expect(json, JsonToken.NUMBER);
            String number = json.nextString();
            if (number.length() > MAX_DIGITS || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw bad("the header's tensor '" + tensor + "' has " + shortened(number) + " in its " + field
                        + ", expected whole numbers from 0 that fit 64 bits");
            }
            try {
                numbers.add(Long.parseUnsignedLong(number));
            } catch (NumberFormatException e) {
                throw bad("the header's tensor '" + tensor + "' has " + number + " in its " + field
                        + ", which does not fit 64 bits");
            }
            if (numbers.size() > most) {
                throw bad("the header's tensor '" + tensor + "' has more than " + most + " numbers in its " + field);
            }
        }
        json.endArray();
        return numbers;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_DIGITS ? text : text.substring(0, MAX_DIGITS) + "…";
    }

    private void expect(JsonReader json, JsonToken expected) throws IOException {
        JsonToken found = json.peek();
        if (found != expected) {
            throw bad("the header has " + found + " at " + json.getPath() + ", expected " + expected);
        }
    }

    private String name(JsonReader json) throws IOException {
        String name = withoutLoneSurrogates(json.nextName());
        if (name.length() > MAX_NAME) {
            throw bad(
                    "the header has a name of " + name.length() + " characters, which begins with " + shortened(name));
        }
        return name;
    }

    private String text(JsonReader json) throws IOException {
        return withoutLoneSurrogates(json.nextString());
    }

    private String withoutLoneSurrogates(String text) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw bad("the header is not valid JSON: half a surrogate pair in a string");
        }
        return text;
    }

    /** Checks that the tensors lie one after the other, each as long as its shape says, to the end of the file. */
    private void check(long fileSize) {
        List<Map.Entry<String, Entry>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparing(Map.Entry::getValue, (left, right) -> {
            int begin = Long.compareUnsigned(left.begin(), right.begin());
            return begin != 0 ? begin : Long.compareUnsigned(left.end(), right.end());
        }));
        long end = 0;
        for (Map.Entry<String, Entry> each : ordered) {
            String tensor = "tensor '" + each.getKey() + "'";
            Entry entry = each.getValue();
            if (entry.begin() != end || Long.compareUnsigned(entry.end(), entry.begin()) < 0) {
                throw bad(tensor + " lies from byte " + Long.toUnsignedString(entry.begin()) + " to "
                        + Long.toUnsignedString(entry.end()) + ", expected it to begin at "
                        + Long.toUnsignedString(end) + " and not to end before");
            }
            long bits =
                    multiply(tensor, entry, count(tensor, entry), entry.type().bits());
            if (bits % Byte.SIZE != 0) {
                throw bad(tensor + " has " + Long.toUnsignedString(bits) + " bits, which is no whole number of bytes");
            }
            long bytes = bits >>> 3;
            if (bytes != entry.end() - entry.begin()) {
                throw bad(tensor + ", " + entry.type() + unsigned(entry.shape()) + ", takes " + bytes
                        + " bytes, its data_offsets say " + Long.toUnsignedString(entry.end() - entry.begin()));
            }
            end = entry.end();
        }
        long found = fileSize - dataStart();
        if (end != found) {
            throw bad("the tensors take " + Long.toUnsignedString(end) + " bytes, the file has " + found
                    + " after the header; it is cut off or damaged");
        }
        tensors.replaceAll(
                (name, entry) -> new Entry(entry.type(), saturated(entry.shape()), entry.begin(), entry.end()));
    }

    private long count(String tensor, Entry entry) {
        long count = 1;
        for (long dimension : entry.shape()) {
            count = multiply(tensor, entry, count, dimension);
        }
        return count;
    }

    private long multiply(String tensor, Entry entry, long left, long right) {
        if (right != 0 && Long.compareUnsigned(left, Long.divideUnsigned(-1, right)) > 0) {
            throw bad(tensor + ", " + entry.type() + unsigned(entry.shape()) + ", is too large: its size does not fit"
                    + " 64 bits");
        }
        return left * right;
    }

    private static List<String> unsigned(List<Long> numbers) {
        return numbers.stream().map(Long::toUnsignedString).toList();
    }

    /** A dimension above the largest {@code long} can only stand beside a 0. */
    private static List<Long> saturated(List<Long> shape) {
        return shape.stream().map(size -> size < 0 ? Long.MAX_VALUE : size).toList();
    }

    private ModelFormatException bad(String problem) {
        return new ModelFormatException(file + ": " + problem);
    }
}
