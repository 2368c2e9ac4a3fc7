/**
 * Inside a run: the {@link io.bertfinetune.training.TrainingLoop} and what watches it.
 */
@NullMarked
package io.bertfinetune.training;

import org.jspecify.annotations.NullMarked;
