package io.bertfinetune.ort.engine;

/** Memory that tensors lie in, freed once for all of them. */
public interface TensorMemory extends AutoCloseable {
    /**
     * Does nothing while the memory is there.
     *
     * @throws IllegalStateException if it was closed
     */
    void requireOpen();

    /** Frees it. Closing twice does nothing. */
    @Override
    void close();
}
