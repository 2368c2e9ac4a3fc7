/**
 * What stands on top of the encoder, one head for each kind of task: its graph, its loss, its collator, and how its
 * output becomes predictions.
 */
@NullMarked
package io.bertfinetune.ort.heads;

import org.jspecify.annotations.NullMarked;
