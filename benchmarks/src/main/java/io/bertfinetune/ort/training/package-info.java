/** Benchmarks of parts that only their own package sees. */
@NullMarked
package io.bertfinetune.ort.training;

import org.jspecify.annotations.NullMarked;
