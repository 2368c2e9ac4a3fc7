package io.bertfinetune.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Examples that go through a model together, and their tensors under Hugging Face's names: {@code input_ids},
 * {@code attention_mask} and {@code token_type_ids} of shape {@code [batch, sequence]}, {@code labels} of shape
 * {@code [batch]}.
 *
 * @param examples the examples, in order
 * @param tensors their numbers; the first dimension of each is the batch
 * @param <E> example
 */
public record Batch<E>(List<E> examples, Map<String, Tensor> tensors) {
    /**
     * Checks that there is an example, and that every tensor has a row for each.
     *
     * @param examples the examples, in order
     * @param tensors their numbers; the first dimension of each is the batch
     */
    public Batch {
        examples = List.copyOf(examples);
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("Batch: no examples; a batch has at least one");
        }
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            List<Integer> shape = tensor.getValue().shape();
            if (shape.isEmpty() || shape.get(0) != examples.size()) {
                throw new IllegalArgumentException("Batch: tensor " + tensor.getKey() + " has shape " + shape
                        + ", expected a first dimension of " + examples.size() + " for as many examples");
            }
        }
    }

    /**
     * How many examples there are.
     *
     * @return at least 1
     */
    public int size() {
        return examples.size();
    }

    /**
     * The tensor of this name.
     *
     * @param name {@code input_ids}, {@code labels} …
     * @return the tensor
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("Batch: no tensor '" + name + "'; there are " + tensors.keySet());
        }
        return tensor;
    }
}
