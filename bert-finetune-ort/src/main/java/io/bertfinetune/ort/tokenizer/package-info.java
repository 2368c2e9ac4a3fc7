/**
 * Text to token ids: the tokenizer of a model folder, on Hugging Face's own Rust library through Deep Java Library's
 * binding ({@code ai.djl.huggingface:tokenizers}). The only package that imports {@code ai.djl}.
 *
 * <p>{@link io.bertfinetune.ort.tokenizer.OrtTokenizers} reads the files; what comes out is a
 * {@link io.bertfinetune.text.Tokenizer} with the same ids as in Python, and without what the binding does beside:
 * <ul>
 * <li>It reports its use to its maker, and on a machine with a GPU it downloads another build of itself. Before it is
 *     first used, the system property {@code OPT_OUT_TRACKING} is set to {@code true} and {@code RUST_FLAVOR} to
 *     {@code cpu}, unless such a property or environment variable is there already. These two are the only system
 *     properties this library sets.
 * <li>Freeing a tokenizer that another thread is using ends the JVM. A lock makes {@code close()} wait.
 * <li>Its offsets count code points; ours count UTF-16 units, as {@link java.lang.String#substring(int, int)} does.
 * <li>A lone surrogate spoils every character beyond ASCII in its text. It is read as U+FFFD instead.
 * <li>It pads, cuts and clamps as its file says. Ours never pads, and cuts at the length asked for.
 * </ul>
 *
 * <p>The binding unpacks its native library into {@code ~/.djl.ai}, or into the folder that the environment variable or
 * system property {@code DJL_CACHE_DIR} names.
 */
@NullMarked
package io.bertfinetune.ort.tokenizer;

import org.jspecify.annotations.NullMarked;
