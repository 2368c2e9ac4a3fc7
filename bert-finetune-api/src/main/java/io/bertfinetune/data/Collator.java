package io.bertfinetune.data;

import java.util.List;

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
}
