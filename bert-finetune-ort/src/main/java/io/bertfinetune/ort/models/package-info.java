/**
 * The networks. {@link io.bertfinetune.ort.models.BertEncoder} reads like the paper; its parameters are named as in the
 * checkpoint.
 */
@NullMarked
package io.bertfinetune.ort.models;

import org.jspecify.annotations.NullMarked;
