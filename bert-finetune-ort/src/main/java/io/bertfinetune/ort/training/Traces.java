package io.bertfinetune.ort.training;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.model.Trace;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.text.Tokenizer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** What {@link StepGraph#trace} computed, taken apart by example and layer. */
final class Traces {
    private Traces() {}

    /**
     * A trace for each example.
     *
     * @param batch what was run
     * @param outputs what came out
     * @param tokenizer names the tokens
     */
    static List<Trace> read(Batch<?> batch, Map<String, DeviceTensor> outputs, Tokenizer tokenizer) {
        List<List<String>> tokens = tokens(batch.tensor("input_ids"), tokenizer);
        Map<String, List<Tensor>> byName = new LinkedHashMap<>();
        outputs.forEach((name, tensor) -> byName.put(name, rows(tensor)));
        return IntStream.range(0, batch.size())
                .mapToObj(row -> {
                    Map<String, Tensor> rest = new LinkedHashMap<>();
                    byName.forEach((name, rows) -> rest.put(name, rows.get(row)));
                    List<Tensor> hiddenStates = take(rest, StepGraph.HIDDEN);
                    List<Tensor> attentions = take(rest, StepGraph.ATTENTION);
                    return new Trace(tokens.get(row), hiddenStates, attentions, rest);
                })
                .toList();
    }

    /** The same inputs, filled up on the right. */
    static <I> Batch<I> padded(Batch<I> batch, int width, int padId) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(batch.tensors());
        tensors.put("input_ids", padded(batch.tensor("input_ids"), width, padId));
        tensors.put("attention_mask", padded(batch.tensor("attention_mask"), width, 0));
        tensors.put("token_type_ids", padded(batch.tensor("token_type_ids"), width, 0));
        return new Batch<>(batch.examples(), tensors);
    }

    private static Tensor padded(Tensor rows, int width, long fill) {
        int count = rows.shape().get(0);
        int length = rows.shape().get(1);
        long[] padded = new long[count * width];
        Arrays.fill(padded, fill);
        for (int row = 0; row < count; row++) {
            rows.longs().get(row * length, padded, row * width, length);
        }
        return Tensor.ofLongs(padded, count, width);
    }

    private static List<List<String>> tokens(Tensor ids, Tokenizer tokenizer) {
        Map<Long, String> names = new HashMap<>();
        tokenizer.vocabulary().forEach((token, id) -> names.put(id.longValue(), token));
        int length = ids.shape().get(1);
        List<List<String>> tokens = new ArrayList<>();
        for (int row = 0; row < ids.shape().get(0); row++) {
            int start = row * length;
            tokens.add(IntStream.range(start, start + length)
                    .mapToObj(i -> Objects.requireNonNull(names.get(ids.longs().get(i))))
                    .toList());
        }
        return tokens;
    }

    /** Each row of the first dimension, on the heap. */
    private static List<Tensor> rows(DeviceTensor tensor) {
        int[] shape = tensor.shape().stream().skip(1).mapToInt(Math::toIntExact).toArray();
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        List<Tensor> rows = new ArrayList<>();
        tensor.read(bytes -> {
            for (int row = 0; row < tensor.shape().get(0); row++) {
                rows.add(Tensor.ofFloats(floats(bytes, row * size, size), shape));
            }
        });
        return rows;
    }

    private static float[] floats(ByteBuffer bytes, int start, int count) {
        float[] floats = new float[count];
        bytes.asFloatBuffer().get(start, floats);
        return floats;
    }

    /** Takes out what is numbered under this name, in order. */
    private static List<Tensor> take(Map<String, Tensor> named, String prefix) {
        List<Tensor> taken = new ArrayList<>();
        Tensor next = named.remove(prefix + 0);
        while (next != null) {
            taken.add(next);
            next = named.remove(prefix + taken.size());
        }
        return taken;
    }
}
