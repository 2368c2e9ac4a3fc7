/**
 * Reverse-mode differentiation: {@link io.bertfinetune.ort.autodiff.Autodiff} walks a graph backwards,
 * {@code GradientRules} is the table it looks every operator up in.
 */
@NullMarked
package io.bertfinetune.ort.autodiff;

import org.jspecify.annotations.NullMarked;
