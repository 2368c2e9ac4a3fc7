/** The backend's door: {@link io.bertfinetune.ort.OrtBackend} is found by {@code Bert}; no application imports it. */
@NullMarked
package io.bertfinetune.ort;

import org.jspecify.annotations.NullMarked;
