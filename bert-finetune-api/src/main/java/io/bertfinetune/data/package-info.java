/**
 * Examples on their way to a model: a {@link io.bertfinetune.data.Dataset} holds them, a
 * {@link io.bertfinetune.data.Sampler} orders them, a {@link io.bertfinetune.data.Collator} makes them a
 * {@link io.bertfinetune.data.Batch}, and a {@link io.bertfinetune.data.DataLoader} does all of it.
 */
@NullMarked
package io.bertfinetune.data;

import org.jspecify.annotations.NullMarked;
