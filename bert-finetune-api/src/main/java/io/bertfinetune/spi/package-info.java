/**
 * How {@link io.bertfinetune.Bert} finds what runs models. Users never call it.
 */
@NullMarked
package io.bertfinetune.spi;

import org.jspecify.annotations.NullMarked;
