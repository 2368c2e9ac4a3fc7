/**
 * What a model says, one record for each kind of task.
 */
@NullMarked
package io.bertfinetune.prediction;

import org.jspecify.annotations.NullMarked;
