/**
 * The front door: open a pretrained model with {@link io.bertfinetune.Bert}, train it with
 * {@link io.bertfinetune.Trainer}.
 *
 * <p>Names and defaults are those of the Hugging Face Trainer in camelCase; where one differs, its Javadoc says why.
 */
@NullMarked
package io.bertfinetune;

import org.jspecify.annotations.NullMarked;
