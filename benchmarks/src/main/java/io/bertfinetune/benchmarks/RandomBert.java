package io.bertfinetune.benchmarks;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A model folder as Hugging Face saves it, with random weights and made-up words: as fast as a trained one. Weights are
 * even around zero with a standard deviation of 0.02, LayerNorms begin at 1, biases at 0.
 */
final class RandomBert {
    private static final List<String> SPECIAL_TOKENS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final float WIDEST = (float) (0.02 * Math.sqrt(3));
    private static final int ALIGNMENT = 8;
    private static final Gson GSON = new Gson();

    private RandomBert() {}

    /** Writes the folder's files; it has to be there. */
    static void write(BertSize size, long seed, Path folder) throws IOException {
        Files.writeString(folder.resolve("config.json"), GSON.toJson(size.config()));
        Files.write(folder.resolve("vocab.txt"), words(size.vocabulary()));
        try (OutputStream file =
                new BufferedOutputStream(Files.newOutputStream(folder.resolve("model.safetensors")), 1 << 20)) {
            writeWeights(size.parameters(), new SplittableRandom(seed), file);
        }
    }

    /** The first token that is a word. */
    static int firstWord() {
        return SPECIAL_TOKENS.size();
    }

    private static List<String> words(int count) {
        List<String> words = new ArrayList<>(SPECIAL_TOKENS);
        IntStream.range(firstWord(), count).forEach(id -> words.add("word" + id));
        return words;
    }

    /** The safetensors format: the length of the header, the header, then the numbers, all little-endian. */
    private static void writeWeights(Map<String, int[]> shapes, SplittableRandom random, OutputStream file)
            throws IOException {
        byte[] header = header(shapes).getBytes(StandardCharsets.UTF_8);
        byte[] length = new byte[Long.BYTES];
        littleEndian(length).putLong(header.length);
        file.write(length);
        file.write(header);
        for (Map.Entry<String, int[]> parameter : shapes.entrySet()) {
            byte[] bytes = new byte[Float.BYTES * numbers(parameter.getValue())];
            ByteBuffer numbers = littleEndian(bytes);
            while (numbers.hasRemaining()) {
                numbers.putFloat(number(parameter.getKey(), random));
            }
            file.write(bytes);
        }
    }

    private static float number(String parameter, SplittableRandom random) {
        if (parameter.endsWith(".bias")) {
            return 0;
        }
        return parameter.endsWith("LayerNorm.weight") ? 1 : (float) random.nextDouble(-WIDEST, WIDEST);
    }

    private static String header(Map<String, int[]> shapes) {
        JsonObject header = new JsonObject();
        header.add("__metadata__", GSON.toJsonTree(Map.of("format", "pt")));
        long start = 0;
        for (Map.Entry<String, int[]> parameter : shapes.entrySet()) {
            long end = start + (long) Float.BYTES * numbers(parameter.getValue());
            header.add(
                    parameter.getKey(),
                    GSON.toJsonTree(Map.of(
                            "dtype", "F32", "shape", parameter.getValue(), "data_offsets", new long[] {start, end})));
            start = end;
        }
        String json = GSON.toJson(header);
        int padding = Math.floorMod(-json.length(), ALIGNMENT); // names are ASCII
        return json + " ".repeat(padding);
    }

    private static int numbers(int[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
