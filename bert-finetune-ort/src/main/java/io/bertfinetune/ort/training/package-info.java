/**
 * A model in memory and in training: its parameters, the graphs of its step, and the session that runs them.
 */
@NullMarked
package io.bertfinetune.ort.training;

import org.jspecify.annotations.NullMarked;
