package io.bertfinetune.ort.engine;

import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Makes engines for devices that {@link OrtEngine} does not know. Found by {@link ServiceLoader}. */
public interface EngineProvider {
    /** What to say of a precision that no processor has here. */
    String NOT_ON_PROCESSOR =
            "the processor computes products in FLOAT32, or BFLOAT16; open the model on an NVIDIA GPU,"
                    + " Bert.device(Device.cuda(0)), or train in FLOAT32";

    /** What to say where no provider has products of bfloat16 on the processor. */
    String NO_BFLOAT16 = "no engine with products of bfloat16 is on the class path; add the dependencies"
            + " io.bertfinetune:bert-finetune-ort-native and org.bytedeco:dnnl:3.11-1.5.13, classifier linux-x86_64,"
            + " on a processor with avx512_bf16 or AMX; or train in FLOAT32";

    /** What to say where no provider has CUDA. */
    String NO_CUDA = "no engine for CUDA is on the class path; add the dependency"
            + " io.bertfinetune:bert-finetune-ort-native and ONNX Runtime's build for GPUs,"
            + " com.microsoft.onnxruntime:onnxruntime_gpu";

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
     * Whether the class path has native libraries for such a device: somebody wanted it. Opens nothing.
     *
     * @param kind the kind of device, {@code AUTO} decided
     * @return false if {@link #open} is sure to fail or to answer empty, on every machine
     */
    boolean isInstalledFor(Device.Kind kind);

    /**
     * What is missing for an engine that {@link #open} would make to compute products in a precision. Opens nothing.
     *
     * @param device the device to compute on, {@code AUTO} decided
     * @param precision that of the products
     * @return what is missing and what to do about it, in a sentence; empty if nothing is
     */
    Optional<String> missingFor(Device device, Precision precision);

    /**
     * What is missing on this class path and this machine to compute products on a device in a precision.
     *
     * @param device the device to compute on, {@code AUTO} decided
     * @param precision that of the products; the processor always has float32
     * @return what is missing, and of what; empty if a provider has it
     */
    static Optional<String> missing(Device device, Precision precision) {
        if (device.kind() == Device.Kind.CPU && precision == Precision.FLOAT32) {
            return Optional.empty();
        }
        List<Optional<String>> answers =
                all().stream().map(each -> each.missingFor(device, precision)).toList();
        if (answers.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        String alone = device.kind() == Device.Kind.CUDA
                ? NO_CUDA
                : precision == Precision.BFLOAT16 ? NO_BFLOAT16 : NOT_ON_PROCESSOR;
        return Optional.of(precision + " on " + device + ": "
                + answers.stream().flatMap(Optional::stream).findFirst().orElse(alone));
    }

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
