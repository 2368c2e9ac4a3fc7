package io.bertfinetune.model;

import java.util.Optional;

/**
 * What knows which precisions a device has: a backend, found by {@link java.util.ServiceLoader}. Users never call it;
 * {@link Device#supports} does.
 */
public interface DeviceSupport {
    /**
     * What is missing on this machine and this class path to train on a device in a precision. Opens nothing.
     *
     * @param device the device
     * @param precision that of the matrix products
     * @return what is missing and what to do about it, in a sentence; empty if nothing is
     */
    Optional<String> missingFor(Device device, Precision precision);
}
