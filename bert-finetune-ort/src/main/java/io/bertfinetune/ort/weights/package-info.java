/**
 * Pretrained parameters: where they lie, what they are called, and how they get into a model.
 *
 * <p>{@link io.bertfinetune.ort.weights.Pretrained} opens a model in any of the forms it comes in and hands out its
 * {@link io.bertfinetune.ort.weights.Weights}, under the names Hugging Face's {@code BertForSequenceClassification}
 * gives them; {@link io.bertfinetune.ort.weights.WeightLoader} copies them where the model wants them and says what was
 * missing. {@link io.bertfinetune.ort.weights.SafeTensors} is the file format underneath, read and written.
 *
 * <p>Nothing is held in the heap: numbers go from the file to their place in pieces.
 */
@NullMarked
package io.bertfinetune.ort.weights;

import org.jspecify.annotations.NullMarked;
