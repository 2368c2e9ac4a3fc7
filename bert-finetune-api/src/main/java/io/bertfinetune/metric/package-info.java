/**
 * How good predictions are. A {@link io.bertfinetune.metric.Metric} is a name and a
 * {@link java.util.stream.Collector} over outcomes, which keeps a few numbers of each at most.
 */
@NullMarked
package io.bertfinetune.metric;

import org.jspecify.annotations.NullMarked;
