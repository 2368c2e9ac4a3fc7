/**
 * The layers and losses networks are made of, as functions from values to values.
 */
@NullMarked
package io.bertfinetune.ort.nn;

import org.jspecify.annotations.NullMarked;
