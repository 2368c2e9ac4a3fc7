/**
 * What a model reads: a {@link io.bertfinetune.text.Text}, cut by a {@link io.bertfinetune.text.Tokenizer} into an
 * {@link io.bertfinetune.text.Encoding}.
 */
@NullMarked
package io.bertfinetune.text;

import org.jspecify.annotations.NullMarked;
