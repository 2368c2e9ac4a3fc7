package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;

/** Operators of our own, known to the sessions of an engine whose models use them; the engine closes them last. */
interface OperatorDomain extends AutoCloseable {
    /** Its name; a model that imports it is run with it. */
    String name();

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
