package io.bertfinetune.ort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.ModelFormatException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    @TempDir
    private Path folder;

    private Path file(String header, byte... data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(folder.resolve("model.safetensors"), bytes.array());
    }

    private Path fileOf(String dtype, int count, byte... data) throws IOException {
        return file(
                "{\"t\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + count + "],\"data_offsets\":[0," + data.length
                        + "]}}",
                data);
    }

    private static float[] floats(SafeTensors tensors, String name) {
        FloatBuffer target = FloatBuffer.allocate(
                tensors.shape(name).stream().reduce(1L, Math::multiplyExact).intValue());
        tensors.copy(name, target);
        return target.array();
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(SafeTensorsTest.class.getResource(name), name)
                .toURI());
    }

    @Test
    void writtenTensorsAreReadBack() {
        Path file = folder.resolve("model.safetensors");
        Map<String, SafeTensors.Source> tensors = Map.of(
                "b", SafeTensors.Source.of(List.of(2L, 1L), FloatBuffer.wrap(new float[] {1, Float.NaN})),
                "a",
                        SafeTensors.Source.of(
                                List.of(), FloatBuffer.wrap(new float[] {9, 3}).position(1)),
                "empty", SafeTensors.Source.of(List.of(0L), FloatBuffer.allocate(0)));

        SafeTensors.write(file, tensors, Map.of("step", "3"));

        try (SafeTensors read = SafeTensors.open(file)) {
            assertThat(read.names()).containsExactly("a", "b", "empty");
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"), Map.entry("step", "3"));
            assertThat(read.shape("a")).isEmpty();
            assertThat(read.shape("b")).containsExactly(2L, 1L);
            assertThat(read.dtype("b")).isEqualTo("F32");
            assertThat(floats(read, "a")).containsExactly(3);
            assertThat(floats(read, "b")).containsExactly(1, Float.NaN);
            assertThat(floats(read, "empty")).isEmpty();
        }
    }

    /** The file was written by transformers 5.18. */
    @Test
    void writesTheBytesThatTransformersWrites() throws IOException, URISyntaxException {
        Path theirs = resource("/onnx_exports/dynamo/model.safetensors");
        Path ours = folder.resolve("model.safetensors");
        try (SafeTensors read = SafeTensors.open(theirs)) {
            Map<String, SafeTensors.Source> tensors = new TreeMap<>();
            for (String name : read.names()) {
                tensors.put(name, new SafeTensors.Source(read.shape(name), () -> FloatBuffer.wrap(floats(read, name))));
            }

            SafeTensors.write(ours, tensors, Map.of());
        }

        assertThat(ours).hasSameBinaryContentAs(theirs);
    }

    @Test
    void manyNumbersGoInPieces() {
        float[] numbers = new float[100_001];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        Path file = folder.resolve("model.safetensors");

        SafeTensors.write(
                file,
                Map.of("t", SafeTensors.Source.of(List.of((long) numbers.length), FloatBuffer.wrap(numbers))),
                Map.of());

        try (SafeTensors read = SafeTensors.open(file)) {
            assertThat(floats(read, "t")).isEqualTo(numbers);
        }
    }

    @Test
    void copyFillsFromPositionToLimitAndLeavesThem() throws IOException {
        FloatBuffer target = FloatBuffer.allocate(4).position(1).limit(3);
        try (SafeTensors read = SafeTensors.open(fileOf("F32", 2, bytes(1.0f, 2.0f)))) {
            read.copy("t", target);
        }

        assertThat(target.array()).containsExactly(0, 1, 2, 0);
        assertThat(target.position()).isEqualTo(1);
        assertThat(target.limit()).isEqualTo(3);
    }

    private static byte[] bytes(float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return bytes.array();
    }

    private static byte[] shorts(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putShort((short) number);
        }
        return bytes.array();
    }

    /** 1, -2, the largest, the smallest, the largest below the normal ones, -0, infinity, not a number, one third. */
    @Test
    void halvesBecomeFloats() throws IOException {
        Path file = fileOf("F16", 9, shorts(0x3C00, 0xC000, 0x7BFF, 0x0001, 0x03FF, 0x8000, 0x7C00, 0x7E00, 0x3555));

        try (SafeTensors read = SafeTensors.open(file)) {
            assertThat(floats(read, "t"))
                    .containsExactly(
                            1,
                            -2,
                            65504,
                            0x1p-24f,
                            1023 * 0x1p-24f,
                            -0.0f,
                            Float.POSITIVE_INFINITY,
                            Float.NaN,
                            0.33325195f);
        }
    }

    @Test
    void bfloatsBecomeFloats() throws IOException {
        try (SafeTensors read = SafeTensors.open(fileOf("BF16", 3, shorts(0x3F80, 0xC040, 0xFF80)))) {
            assertThat(floats(read, "t")).containsExactly(1, -3, Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void doublesBecomeFloats() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putDouble(-1e300);
        try (SafeTensors read = SafeTensors.open(fileOf("F64", 2, data.array()))) {
            assertThat(floats(read, "t")).containsExactly(0.1f, Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void longsAreLongs() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(101).putLong(-1);
        LongBuffer target = LongBuffer.allocate(2);
        try (SafeTensors read = SafeTensors.open(fileOf("I64", 2, data.array()))) {
            read.copy("t", target);

            assertThatThrownBy(() -> read.copy("t", FloatBuffer.allocate(2)))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("tensor 't' is I64, expected floating point numbers");
        }

        assertThat(target.array()).containsExactly(101, -1);
    }

    @Test
    void fourBitsAreNoFloats() throws IOException {
        try (SafeTensors read = SafeTensors.open(fileOf("F4", 2, (byte) 0x12))) {
            assertThatThrownBy(() -> read.copy("t", FloatBuffer.allocate(2)))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("tensor 't' is F4");
        }
    }

    @Test
    void refusesRoomOfAnotherSizeAndUnknownNames() throws IOException {
        try (SafeTensors read = SafeTensors.open(fileOf("F32", 2, new byte[8]))) {
            assertThatThrownBy(() -> read.copy("t", FloatBuffer.allocate(3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("holds 2 numbers, the buffer has room for 3");
            assertThatThrownBy(() -> read.shape("u"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no tensor 'u'");
        }
    }

    @Test
    void closedMeansClosed() throws IOException {
        SafeTensors read = SafeTensors.open(fileOf("F32", 1, new byte[4]));
        read.close();
        read.close();

        assertThatThrownBy(() -> read.copy("t", FloatBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void noticesAFileThatShrinks() throws IOException {
        Path file = fileOf("F32", 2, new byte[8]);
        try (SafeTensors read = SafeTensors.open(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 4);
            }

            assertThatThrownBy(() -> read.copy("t", FloatBuffer.allocate(2)))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("became shorter");
        }
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> SafeTensors.open(folder.resolve("absent.safetensors")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("absent.safetensors: no such file");
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = fileOf("F32", 1, bytes(7));
        byte[] before = Files.readAllBytes(file);
        Map<String, SafeTensors.Source> tensors = new LinkedHashMap<>();
        tensors.put("a", SafeTensors.Source.of(List.of(1L), FloatBuffer.allocate(1)));
        tensors.put("b", SafeTensors.Source.of(List.of(2L), FloatBuffer.allocate(1)));

        assertThatThrownBy(() -> SafeTensors.write(file, tensors, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor 'b' [2] holds 2 numbers, found 1");

        assertThat(file).hasBinaryContent(before);
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void writingIntoAFolderThatIsNotThereSaysSo() {
        Path file = folder.resolve("absent").resolve("model.safetensors");

        assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), Map.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors: cannot be written");
    }

    @Test
    void aHundredThousandOverlappingTensorsAreRefusedQuickly() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"t")
                    .append(i)
                    .append("\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}");
        }
        Path file = file(header.append('}').toString(), new byte[16]);

        assertThatThrownBy(() -> SafeTensors.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected it to begin at 16");
    }

    @Test
    void countsNoModelHasAreRefused() throws IOException {
        Path ranks = file(
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[" + "1,".repeat(1_000_000) + "1],\"data_offsets\":[0,4]}}",
                new byte[4]);

        assertThatThrownBy(() -> SafeTensors.open(ranks))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("more than 64 numbers");
    }

    @Test
    void endlessNamesAndNumbersStayOutOfMessages() throws IOException {
        Path name = file("{\"" + "a".repeat(1_000_000) + "\":1}");
        assertThatThrownBy(() -> SafeTensors.open(name))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("a name of 1000000 characters");

        Path number = file("{\"t\":{\"shape\":[" + "1".repeat(500) + "]}}");
        assertThatThrownBy(() -> SafeTensors.open(number))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("has 11111111111111111111… in its shape");
    }

    /** In a file with holes, where the system has them; elsewhere it takes 2 GB of disk for a moment. */
    @Test
    @Tag("long")
    void readsBeyondTwoGigabytes() throws IOException {
        long big = (1L << 31) + 64;
        Path file = file("{\"big\":{\"dtype\":\"F32\",\"shape\":[" + big / 4 + "],\"data_offsets\":[0," + big
                + "]},\"small\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + big + "," + (big + 8) + "]}}");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes(5, 6)), channel.size() + big);
        }

        try (SafeTensors read = SafeTensors.open(file)) {
            assertThat(floats(read, "small")).containsExactly(5, 6);
        }
    }
}
