/**
 * A run to look at: the {@link io.bertfinetune.page.RunPage}, a web page that grows while a run goes on and stays as one
 * file when it is over.
 *
 * <pre>{@code
 * try (var page = RunPage.live(Path.of("runs/first")).announce(System.out::println)) {
 *     Trainer.builder().model(model).trainDataset(train).evalDataset(dev).callbacks(page).build().train();
 * }
 * }</pre>
 *
 * <p>The page is made of numbers the callbacks get; nothing of the training depends on it.
 */
@NullMarked
package io.bertfinetune.page;

import org.jspecify.annotations.NullMarked;
