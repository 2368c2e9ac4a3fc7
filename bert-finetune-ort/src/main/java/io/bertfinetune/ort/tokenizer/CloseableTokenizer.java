package io.bertfinetune.ort.tokenizer;

import io.bertfinetune.text.Tokenizer;

/**
 * A tokenizer that holds native memory until it is closed; one that nothing reaches any more is freed by the garbage
 * collector.
 *
 * <p>Once closed it encodes and decodes no more ({@link IllegalStateException}); its vocabulary stays readable.
 */
public interface CloseableTokenizer extends Tokenizer, AutoCloseable {
    /** Frees the native memory, as soon as no other thread is encoding or decoding. Closing again does nothing. */
    @Override
    void close();
}
