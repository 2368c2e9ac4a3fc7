/**
 * How fast the library is, measured.
 *
 * <p>{@link io.bertfinetune.benchmarks.Benchmarks} starts a suite by its name. A comparison runs the library and its peers
 * in processes of their own, side by side on one machine, and asks one at a time for the same work: only what was measured
 * in one run may be compared. The benchmarks of small parts are JMH's.
 *
 * <p>Where a new thing goes: a suite is a class with a {@code Suite} and a line in {@code Benchmarks}. It names the
 * {@code Contestant}s and the {@code Figure}s; {@code Turns} measures contestants that are alive side by side, {@code Fresh}
 * new processes. What the library does is a {@code Work}, a line in {@code OwnSide}; what a peer does is a class in
 * {@code peer.py}. A benchmark of a part is a JMH class, with a plain loop beside it, in the part's own package if it must
 * be.
 */
@NullMarked
package io.bertfinetune.benchmarks;

import org.jspecify.annotations.NullMarked;
