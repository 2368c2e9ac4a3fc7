/**
 * What a backend offers: a {@link io.bertfinetune.model.Model} to ask and a
 * {@link io.bertfinetune.model.TrainingSession} to teach.
 */
@NullMarked
package io.bertfinetune.model;

import org.jspecify.annotations.NullMarked;
