/**
 * How fast the library is, measured.
 *
 * <p>{@link io.bertfinetune.benchmarks.Benchmarks} starts a suite by its name. A comparison runs the library and its peers
 * in processes of their own, side by side on one machine, and asks one at a time for the same work: only what was measured
 * in one run may be compared. The benchmarks of small parts are JMH's.
 *
 * <p>Where a new thing goes: a suite is a class with a {@code Suite} and a line in {@code Benchmarks}; a peer is a line in
 * {@code Peer} and its meaning in {@code peer.py}; a benchmark of a part is a JMH class.
 */
@NullMarked
package io.bertfinetune.benchmarks;

import org.jspecify.annotations.NullMarked;
