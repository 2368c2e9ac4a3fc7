package io.bertfinetune.ort.engine;

import io.bertfinetune.model.Device;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Makes engines for devices that {@link OrtEngine} does not know. Found by {@link ServiceLoader}. */
public interface EngineProvider {
    /**
     * An engine for a device.
     *
     * @param device the device to compute on
     * @return the engine, which the caller closes; empty if this provider has none for such a device
     * @throws io.bertfinetune.error.EngineException if it has, but the device cannot be used; the message says what is
     *     missing
     */
    Optional<Engine> open(Device device);

    /**
     * All that are on the class path.
     *
     * @return the providers that the thread's context class loader finds, or if there are none that of this class
     */
    static List<EngineProvider> all() {
        List<EngineProvider> found = providers(Thread.currentThread().getContextClassLoader());
        return found.isEmpty() ? providers(EngineProvider.class.getClassLoader()) : found;
    }

    private static List<EngineProvider> providers(ClassLoader loader) {
        return ServiceLoader.load(EngineProvider.class, loader).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
