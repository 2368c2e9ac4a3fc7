/**
 * What can go wrong. Every exception of this library is unchecked and extends
 * {@link io.bertfinetune.error.BertFineTuneException}, but for a caller's mistake
 * ({@link java.lang.IllegalArgumentException}) and a call at the wrong moment
 * ({@link java.lang.IllegalStateException}).
 */
@NullMarked
package io.bertfinetune.error;

import org.jspecify.annotations.NullMarked;
