package io.bertfinetune.ort.training;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.ort.weights.SafeTensors;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Golden files among the test resources: what PyTorch computed, read by our own reader. */
final class Golden implements AutoCloseable {
    private final SafeTensors file;

    private Golden(SafeTensors file) {
        this.file = file;
    }

    static Golden open(String resource) {
        return new Golden(SafeTensors.open(path(resource)));
    }

    /** Where a resource lies on the disk. */
    static Path path(String resource) {
        URL url = Objects.requireNonNull(Golden.class.getResource("/" + resource), resource);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonObject json(String resource) {
        try {
            return JsonParser.parseString(Files.readString(path(resource), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double[] numbers(JsonArray array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).getAsDouble();
        }
        return numbers;
    }

    boolean has(String name) {
        return file.names().contains(name);
    }

    float[] floats(String name) {
        float[] numbers = new float[size(name)];
        file.copy(name, FloatBuffer.wrap(numbers));
        return numbers;
    }

    long[] longs(String name) {
        long[] numbers = new long[size(name)];
        file.copy(name, LongBuffer.wrap(numbers));
        return numbers;
    }

    /** The batch whose tensors have this prefix. */
    Batch<Example<Text, String>> batch(String prefix) {
        List<Long> shape = file.shape(prefix + "input_ids");
        int size = shape.get(0).intValue();
        int length = shape.get(1).intValue();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : List.of("input_ids", "attention_mask", "token_type_ids")) {
            tensors.put(name, Tensor.ofLongs(longs(prefix + name), size, length));
        }
        tensors.put("labels", Tensor.ofLongs(longs(prefix + "labels"), size));
        return new Batch<>(Collections.nCopies(size, Example.of(Text.of("from a golden file"), "negative")), tensors);
    }

    private int size(String name) {
        return file.shape(name).stream().reduce(1L, Math::multiplyExact).intValue();
    }

    @Override
    public void close() {
        file.close();
    }
}
