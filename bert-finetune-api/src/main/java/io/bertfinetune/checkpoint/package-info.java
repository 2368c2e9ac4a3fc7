/**
 * How a run is kept on the disk: folders that are there whole or not at all, what is in them, and which of them stay.
 * Not exported; a user meets it as {@code trainer.resume(…)}, and {@code docs/checkpoints.md} tells what it promises.
 */
@NullMarked
package io.bertfinetune.checkpoint;

import org.jspecify.annotations.NullMarked;
