/**
 * What a model reads: a {@link io.bertfinetune.text.Text}, cut by a {@link io.bertfinetune.text.Tokenizer} into an
 * {@link io.bertfinetune.text.Encoding}; {@link io.bertfinetune.text.Words} that each get a tag; a
 * {@link io.bertfinetune.text.Question} with the text that answers it.
 */
@NullMarked
package io.bertfinetune.text;

import org.jspecify.annotations.NullMarked;
