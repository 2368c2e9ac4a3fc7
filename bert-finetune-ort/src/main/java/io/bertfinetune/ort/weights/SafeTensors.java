package io.bertfinetune.ort.weights;

import com.google.gson.stream.JsonWriter;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.ModelFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file: tensors by name, and some text about them. Opening reads and checks the header; the numbers stay
 * in the file until they are copied, so files of any size will do. Safe for many threads.
 *
 * <p>The format is that of the Rust crate {@code safetensors} 0.8; see its README.
 */
public final class SafeTensors implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final SafeTensorsHeader header;

    private SafeTensors(Path file, FileChannel channel, SafeTensorsHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Opens a file. It is not locked, and on no system is it mapped into memory: it can be replaced as soon as this is
     * closed.
     *
     * @param file the file
     * @return its tensors; close them when done
     * @throws ModelFormatException if the file is not there, cannot be read, or is not what it should be
     */
    public static SafeTensors open(Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            SafeTensors opened = new SafeTensors(file, channel, SafeTensorsHeader.read(file.toString(), channel));
            channel = null;
            return opened;
        } catch (NoSuchFileException e) {
            throw new ModelFormatException(file + ": no such file", e);
        } catch (IOException e) {
            throw new ModelFormatException(file + ": cannot be read: " + e.getMessage(), e);
        } finally {
            closeQuietly(channel);
        }
    }

    /**
     * What tensors there are.
     *
     * @return the names, in the order of the header
     */
    public Set<String> names() {
        return header.tensors().keySet();
    }

    /**
     * The dimensions of a tensor.
     *
     * @param name one of {@link #names}
     * @return its dimensions, outermost first; empty for a single number
     * @throws IllegalArgumentException if there is none of that name
     */
    public List<Long> shape(String name) {
        return entry(name).shape();
    }

    /**
     * The kind of number a tensor holds.
     *
     * @param name one of {@link #names}
     * @return the format's name for it: {@code F32}, {@code F16}, {@code BF16}, {@code I64} …
     * @throws IllegalArgumentException if there is none of that name
     */
    public String dtype(String name) {
        return entry(name).type().name();
    }

    /**
     * What the file says about itself.
     *
     * @return text by key; files of transformers have {@code format=pt}
     */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * Copies the numbers of a tensor of floating point numbers (F32, F16, BF16 or F64) as 32-bit ones.
     *
     * @param name one of {@link #names}
     * @param target where to, filled from its position to its limit, which stay as they are
     * @throws IllegalArgumentException if there is none of that name, or the room is not of its size
     * @throws ModelFormatException if it holds other numbers or cannot be read; after an interrupt nothing more can
     * @throws IllegalStateException if this is closed
     */
    public void copy(String name, FloatBuffer target) {
        SafeTensorsHeader.Entry entry = entry(name);
        FloatType type = switch (entry.type()) {
            case F32 -> FloatType.F32;
            case F16 -> FloatType.F16;
            case BF16 -> FloatType.BF16;
            case F64 -> FloatType.F64;
            default ->
                throw new ModelFormatException(file + ": tensor '" + name + "' is " + entry.type()
                        + ", expected floating point numbers: F32, F16, BF16 or F64");
        };
        checkRoom(name, (entry.end() - entry.begin()) / type.bytes(), target.remaining());
        FloatSink sink = FloatSink.inOrder(type, target);
        read(name, entry, sink::write);
        sink.flush();
    }

    /**
     * Copies the numbers of a tensor of 64-bit whole numbers (I64).
     *
     * @param name one of {@link #names}
     * @param target where to, filled from its position to its limit, which stay as they are
     * @throws IllegalArgumentException if there is none of that name, or the room is not of its size
     * @throws ModelFormatException if it holds other numbers or cannot be read
     * @throws IllegalStateException if this is closed
     */
    public void copy(String name, LongBuffer target) {
        SafeTensorsHeader.Entry entry = entry(name);
        if (entry.type() != TensorType.I64) {
            throw new ModelFormatException(file + ": tensor '" + name + "' is " + entry.type() + ", expected I64");
        }
        checkRoom(name, (entry.end() - entry.begin()) / Long.BYTES, target.remaining());
        LongBuffer left = target.duplicate();
        read(name, entry, chunk -> left.put(chunk.asLongBuffer()));
    }

    /** Lets go of the file. Closing twice does nothing. */
    @Override
    public void close() {
        closeQuietly(channel);
    }

    private interface Chunks {
        void take(ByteBuffer chunk);
    }

    /** Reads the bytes of a tensor in pieces that cut no number. */
    private void read(String name, SafeTensorsHeader.Entry entry, Chunks chunks) {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        long position = header.dataStart() + entry.begin();
        long end = header.dataStart() + entry.end();
        try {
            while (position < end) {
                chunk.clear().limit((int) Math.min(CHUNK, end - position));
                while (chunk.hasRemaining()) {
                    int count = channel.read(chunk, position);
                    if (count < 0) {
                        throw new EOFException("it became shorter while it was read");
                    }
                    position += count;
                }
                chunks.take(chunk.flip());
            }
        } catch (ClosedByInterruptException e) {
            throw new ModelFormatException(file + ": the thread that read tensor '" + name + "' was interrupted", e);
        } catch (ClosedChannelException e) {
            throw new IllegalStateException(file + " is closed", e);
        } catch (IOException e) {
            throw new ModelFormatException(file + ": tensor '" + name + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private void checkRoom(String name, long count, int room) {
        if (count != room) {
            throw new IllegalArgumentException(file + ": tensor '" + name + "' " + shape(name) + " holds " + count
                    + " numbers, the buffer has room for " + room);
        }
    }

    private SafeTensorsHeader.Entry entry(String name) {
        SafeTensorsHeader.Entry entry = header.tensors().get(name);
        if (entry == null) {
            throw new IllegalArgumentException(file + ": no tensor '" + name + "'");
        }
        return entry;
    }

    /**
     * A tensor to be written.
     *
     * @param shape its dimensions, outermost first
     * @param numbers hands out its numbers, between position and limit of the buffer; asked once, when its turn comes
     */
    public record Source(List<Long> shape, Supplier<FloatBuffer> numbers) {
        /**
         * Copies the shape.
         *
         * @param shape its dimensions, outermost first
         * @param numbers hands out as many numbers as the shape holds
         */
        public Source {
            shape = List.copyOf(shape);
        }

        /**
         * A tensor whose numbers are there already.
         *
         * @param shape its dimensions, outermost first
         * @param numbers its numbers, between position and limit
         * @return the tensor
         */
        public static Source of(List<Long> shape, FloatBuffer numbers) {
            return new Source(shape, () -> numbers);
        }

        private long count() {
            return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
        }
    }

    /**
     * Writes a file as transformers does: names sorted, F32, the header filled up with spaces to a multiple of 8 bytes,
     * {@code format=pt} among the metadata. The file appears under its name only when it is whole and on the disk; one
     * that was there is replaced. The same tensors always give the same bytes.
     *
     * @param file where to
     * @param tensors the tensors by name; one at a time is asked for its numbers
     * @param metadata text about them
     * @throws CheckpointException if it cannot be written; a file that was there is as it was
     * @throws IllegalArgumentException if a buffer does not hold as many numbers as its shape says
     */
    public static void write(Path file, Map<String, Source> tensors, Map<String, String> metadata) {
        Map<String, Source> sorted = new TreeMap<>(tensors);
        byte[] header = header(sorted, metadata);
        Path whole = file.toAbsolutePath();
        Path folder = whole.getParent();
        if (folder == null) {
            throw new IllegalArgumentException(file + " is not a file that can be written");
        }
        Path unfinished = folder.resolve(".tmp-" + whole.getFileName() + "-" + UUID.randomUUID());
        try {
            try (FileChannel out =
                    FileChannel.open(unfinished, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                writeAll(out, length.putLong(header.length).flip());
                writeAll(out, ByteBuffer.wrap(header));
                for (Map.Entry<String, Source> tensor : sorted.entrySet()) {
                    writeNumbers(out, tensor.getKey(), tensor.getValue());
                }
                out.force(true);
            }
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be written: " + e.getMessage(), e);
        } finally {
            deleteQuietly(unfinished); // there is none if all went well
        }
    }

    private static byte[] header(Map<String, Source> tensors, Map<String, String> metadata) {
        Map<String, String> notes = new TreeMap<>(metadata);
        notes.put("format", "pt");
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("__metadata__").beginObject();
            for (Map.Entry<String, String> note : notes.entrySet()) {
                json.name(note.getKey()).value(note.getValue());
            }
            json.endObject();
            long begin = 0;
            for (Map.Entry<String, Source> tensor : tensors.entrySet()) {
                long end = Math.addExact(
                        begin, Math.multiplyExact(tensor.getValue().count(), (long) Float.BYTES));
                json.name(tensor.getKey())
                        .beginObject()
                        .name("dtype")
                        .value("F32")
                        .name("shape")
                        .beginArray();
                for (long dimension : tensor.getValue().shape()) {
                    json.value(dimension);
                }
                json.endArray();
                json.name("data_offsets").beginArray().value(begin).value(end).endArray();
                json.endObject();
                begin = end;
            }
            json.endObject();
        } catch (IOException e) {
            throw new AssertionError("a StringWriter does not fail", e);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > SafeTensorsHeader.MAX_LENGTH - Long.BYTES) {
            throw new IllegalArgumentException("the header takes " + bytes.length + " bytes, at most "
                    + SafeTensorsHeader.MAX_LENGTH + " are allowed");
        }
        int padded = (bytes.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        byte[] header = Arrays.copyOf(bytes, padded);
        Arrays.fill(header, bytes.length, padded, (byte) ' ');
        return header;
    }

    private static void writeNumbers(FileChannel out, String name, Source tensor) throws IOException {
        FloatBuffer left = tensor.numbers().get().duplicate();
        if (left.remaining() != tensor.count()) {
            throw new IllegalArgumentException("tensor '" + name + "' " + tensor.shape() + " holds " + tensor.count()
                    + " numbers, found " + left.remaining());
        }
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = chunk.asFloatBuffer();
        while (left.hasRemaining()) {
            int count = Math.min(left.remaining(), floats.capacity());
            floats.clear().put(left.slice().limit(count));
            left.position(left.position() + count);
            writeAll(out, chunk.clear().limit(count * Float.BYTES));
        }
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // It was only read from; nothing is lost.
            }
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The error that led here matters more.
        }
    }
}
