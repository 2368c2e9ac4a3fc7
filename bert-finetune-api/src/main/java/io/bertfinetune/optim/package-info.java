/**
 * How weights change: an {@link io.bertfinetune.optim.Optimizer} is one formula over
 * {@link io.bertfinetune.optim.Expr}, a {@link io.bertfinetune.optim.LearningRateSchedule} a function of
 * {@link io.bertfinetune.optim.Progress}.
 */
@NullMarked
package io.bertfinetune.optim;

import org.jspecify.annotations.NullMarked;
