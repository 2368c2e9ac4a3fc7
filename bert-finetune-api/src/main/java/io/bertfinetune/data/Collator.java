package io.bertfinetune.data;

import java.util.List;
import java.util.Optional;

/**
 * Turns examples into a batch: encodes, pads, maps labels to ids. Hugging Face's data collator; a model brings its own
 * ({@code model.collator(Padding.LONGEST)}). Implementations are safe for many threads.
 *
 * @param <E> example
 */
@FunctionalInterface
public interface Collator<E> {
    /**
     * One batch of these examples.
     *
     * @param examples at least one example
     * @return the batch, its examples in the same order
     * @throws io.bertfinetune.error.DataException if an example does not fit the task, a label unknown to it for instance
     */
    Batch<E> collate(List<E> examples);

    /**
     * How long each example is in a batch without padding, by which examples of similar length are put together. Unless
     * overridden, collates them and counts the ones of {@code attention_mask}.
     *
     * @param examples at least one example
     * @return for each its number of tokens, after it was cut to what the model reads; empty if there is no such tensor
     * @throws io.bertfinetune.error.DataException if an example does not fit the task
     */
    default Optional<int[]> lengths(List<E> examples) {
        return TokenCounts.of(collate(examples));
    }
}
