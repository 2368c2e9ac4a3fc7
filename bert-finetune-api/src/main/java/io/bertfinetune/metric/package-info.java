/**
 * How good predictions are. A {@link io.bertfinetune.metric.Metric} is a name and a
 * {@link java.util.stream.Collector} over outcomes, so evaluation memory does not grow with the data.
 */
@NullMarked
package io.bertfinetune.metric;

import org.jspecify.annotations.NullMarked;
