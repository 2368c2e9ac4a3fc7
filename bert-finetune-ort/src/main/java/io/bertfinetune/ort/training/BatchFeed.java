package io.bertfinetune.ort.training;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.models.BertConfig;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts a batch where the engine can read it, after checking every number: native code trusts ids and masks. */
final class BatchFeed {
    private final BertConfig config;

    BatchFeed(BertConfig config) {
        this.config = config;
    }

    /**
     * The batch's tensors for these inputs of a program.
     *
     * @param wanted the inputs that carry the batch
     * @param memory where to put them
     * @throws IllegalArgumentException naming tensor, place, what was expected and what was found
     */
    Map<String, DeviceTensor> feed(Batch<?> batch, Map<String, Value> wanted, Reusable memory) {
        check(batch);
        Map<String, DeviceTensor> fed = new LinkedHashMap<>();
        wanted.forEach((name, input) -> fed.put(name, copy(name, input, batch.tensor(name), memory)));
        return fed;
    }

    /** The token id that stands for padding. */
    long paddingId() {
        return config.padTokenId();
    }

    private void check(Batch<?> batch) {
        List<Integer> shape = batch.tensor("input_ids").shape();
        if (shape.size() != 2 || shape.get(1) < 1 || shape.get(1) > config.maxPositionEmbeddings()) {
            throw new IllegalArgumentException(
                    "batch: input_ids has shape " + shape + ", expected [batch, sequence] with" + " a sequence of 1 to "
                            + config.maxPositionEmbeddings() + " tokens, which is all the model can read");
        }
        checkIds(
                batch, shape, "input_ids", config.vocabSize(), "the vocabulary has " + config.vocabSize() + " entries");
        checkIds(batch, shape, "token_type_ids", config.typeVocabSize(), "the model knows as many token types");
        checkIds(batch, shape, "attention_mask", 2, "1 is a token, 0 is padding");
    }

    private static void checkIds(Batch<?> batch, List<Integer> shape, String name, long bound, String why) {
        Tensor tensor = batch.tensor(name);
        if (!tensor.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "batch: " + name + " has shape " + tensor.shape() + ", expected " + shape + " as input_ids has");
        }
        LongBuffer ids = tensor.longs();
        if (ids.remaining() != shape.get(0) * shape.get(1)) {
            throw new IllegalArgumentException("batch: " + name + " does not hold whole numbers");
        }
        for (int i = 0; ids.hasRemaining(); i++) {
            long id = ids.get();
            if (id < 0 || id >= bound) {
                throw new IllegalArgumentException("batch: " + name + " of example " + i / shape.get(1) + ", position "
                        + i % shape.get(1) + " is " + id + ", expected 0 to " + (bound - 1) + ": " + why);
            }
        }
    }

    private static DeviceTensor copy(String name, Value input, Tensor tensor, Reusable memory) {
        long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
        DeviceTensor device = memory.get(name, input.type(), shape);
        if (input.type() == DataType.INT64) {
            device.write(bytes -> bytes.asLongBuffer().put(tensor.longs()));
        } else {
            device.write(bytes -> bytes.asFloatBuffer().put(tensor.floats()));
        }
        return device;
    }
}
