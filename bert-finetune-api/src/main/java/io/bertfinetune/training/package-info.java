/**
 * Inside a run: the {@link io.bertfinetune.training.TrainingLoop} and what watches it, the
 * {@link io.bertfinetune.training.TrainerCallback callbacks}.
 *
 * <pre>{@code
 * Trainer.builder().model(model).trainDataset(train).evalDataset(dev)
 *         .evalStrategy(IntervalStrategy.EPOCH)
 *         .callbacks(
 *                 EarlyStopping.patience(2),
 *                 ProgressCallback.auto(System.out),
 *                 TensorBoardCallback.to(Path.of("runs/first")),
 *                 LogFileCallback.jsonl(Path.of("runs/first/log.jsonl")))
 * }</pre>
 *
 * <table>
 * <caption>Callbacks that are here</caption>
 * <tr><th>callback</th><th>what it does</th></tr>
 * <tr><td>{@link io.bertfinetune.training.EarlyStopping}</td><td>ends a run that gets no better</td></tr>
 * <tr><td>{@link io.bertfinetune.training.ProgressCallback}</td><td>tells how a run gets on, in lines or with a
 * bar</td></tr>
 * <tr><td>{@link io.bertfinetune.training.TensorBoardCallback}</td><td>writes event files for TensorBoard</td></tr>
 * <tr><td>{@link io.bertfinetune.training.LogFileCallback}</td><td>writes the log as JSON lines or CSV</td></tr>
 * <tr><td>{@link io.bertfinetune.training.MicrometerCallback}</td><td>shows the numbers in Micrometer</td></tr>
 * </table>
 *
 * <p>These write only where they are told to, start no thread, and keep nothing open between two events. A callback belongs
 * to one run at a time. One that serves a page, in {@code io.bertfinetune.page}, is on top of this package.
 */
@NullMarked
package io.bertfinetune.training;

import org.jspecify.annotations.NullMarked;
