package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;

/** Operators of our own, known to every session of the engine that is made with them, which closes them last. */
interface OperatorDomain extends AutoCloseable {
    /** The {@code OrtCustomOpDomain}. */
    Pointer handle();

    @Override
    void close();

    /** How a domain is made with the API of the library that will call its operators. */
    @FunctionalInterface
    interface Maker {
        /** The domain with its operators added. */
        OperatorDomain make(OrtApi api) throws OrtStatusException;
    }
}
