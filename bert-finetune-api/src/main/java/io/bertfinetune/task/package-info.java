/**
 * What is to be learned. A task ties together the input a model reads, the label it is taught and the prediction it
 * gives; the head that computes it belongs to the backend.
 */
@NullMarked
package io.bertfinetune.task;

import org.jspecify.annotations.NullMarked;
