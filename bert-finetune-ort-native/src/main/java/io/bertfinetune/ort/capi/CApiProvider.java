package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes {@link CApiEngine}s: for CUDA, and for the processor where oneDNN is there for products of bfloat16 or a build of ONNX
 * Runtime was chosen by name.
 */
public final class CApiProvider implements EngineProvider {
    /**
     * Set to true, products of float32 on CUDA keep 10 bits of the fraction (TensorFloat-32) in the whole process, predictions
     * included. {@link Precision#TENSOR_FLOAT32} is the choice of one training.
     */
    static final String TF32 = "io.bertfinetune.cuda.tf32";

    /** For {@link java.util.ServiceLoader}. */
    public CApiProvider() {}

    @Override
    public Optional<Engine> open(Device device) {
        return switch (device.kind()) {
            case CUDA -> Optional.of(cuda(device));
            case CPU -> processor();
            case AUTO -> Optional.empty();
        };
    }

    /** Where a build was chosen by name, or oneDNN is there for bfloat16; elsewhere the official API does as well. */
    private static Optional<Engine> processor() {
        if (!OneDnn.isInstalled()) {
            return Natives.chosen().map(build -> CApiEngine.cpu(Natives.choose(false)));
        }
        NativeBuild build =
                Natives.chosen().isEmpty() && NativeFiles.onClassPath().containsKey(NativeBuild.MICROSOFT)
                        ? NativeBuild.MICROSOFT
                        : Natives.choose(false);
        return Optional.of(CApiEngine.cpuWithOneDnn(build, Runtime.getRuntime().availableProcessors()));
    }

    @Override
    public boolean isInstalledFor(Device.Kind kind) {
        return switch (kind) {
            case CUDA -> !NativesOnPath.ofThisProgram().forCuda().isEmpty();
            case CPU -> !NativeFiles.onClassPath().isEmpty();
            case AUTO -> throw undecided();
        };
    }

    @Override
    public Optional<String> missingFor(Device device, Precision precision) {
        return switch (device.kind()) {
            case CUDA -> found().missingFor(device.index(), precision);
            case CPU ->
                switch (precision) {
                    case FLOAT32 -> Optional.empty();
                    case BFLOAT16 -> OneDnn.missing();
                    case TENSOR_FLOAT32, FLOAT16 -> Optional.of(NOT_ON_PROCESSOR);
                };
            case AUTO -> throw undecided();
        };
    }

    private static IllegalArgumentException undecided() {
        return new IllegalArgumentException("device auto: expected one that is decided");
    }

    private static CudaFinding found() {
        return CudaCheck.run(Natives.chosen().filter(NativeBuild::cuda).map(CudaNatives::of));
    }

    /** The cause is looked for first: once ONNX Runtime has tried, it is hidden. */
    private static Engine cuda(Device device) {
        found().require(device.index());
        CudaOptions options = new CudaOptions(device.index(), Boolean.getBoolean(TF32), OptionalLong.empty());
        return CApiEngine.cuda(Natives.choose(true), FusedKernels.chosen(), options);
    }
}
