/**
 * What will be computed: a {@link io.bertfinetune.ort.graph.Graph} of {@link io.bertfinetune.ort.graph.Node}s, each one
 * {@link io.bertfinetune.ort.graph.Op} applied to {@link io.bertfinetune.ort.graph.Value}s. The methods of {@code Value} are
 * the catalogue of operators; shapes are checked there, when the graph is built.
 */
@NullMarked
package io.bertfinetune.ort.graph;

import org.jspecify.annotations.NullMarked;
