/**
 * Programs to copy. Each is a class with a {@code main}, and a test. From the simplest:
 *
 * <ul>
 *   <li>{@link io.bertfinetune.examples.QuickStart}: texts and labels in, a trained model out;
 *   <li>{@link io.bertfinetune.examples.InsideBert}: what a BERT computes for a sentence;
 *   <li>{@link io.bertfinetune.examples.PreparingText}: how a text becomes what a BERT reads;
 *   <li>{@link io.bertfinetune.examples.HandWrittenLoop}: the same, step by step;
 *   <li>{@link io.bertfinetune.examples.LoopReport}: that loop with several seeds, in numbers and pictures;
 *   <li>{@link io.bertfinetune.examples.TheTrainer}: the loop in a few lines, resumed and stopped early;
 *   <li>{@link io.bertfinetune.examples.TrainerTour}: metrics, early stopping and the other arguments of a trainer;
 *   <li>{@link io.bertfinetune.examples.OwnData}: examples that come from anywhere;
 *   <li>{@link io.bertfinetune.examples.OwnMetricAndOptimizer}: a metric, an optimizer and a schedule of one's own;
 *   <li>{@link io.bertfinetune.examples.RunClassification}: the flags and the files of Hugging Face's script;
 *   <li>{@link io.bertfinetune.examples.WebService}: a trained model that answers over HTTP.
 * </ul>
 *
 * {@link io.bertfinetune.examples.Examples} starts them by name.
 */
@NullMarked
package io.bertfinetune.examples;

import org.jspecify.annotations.NullMarked;
