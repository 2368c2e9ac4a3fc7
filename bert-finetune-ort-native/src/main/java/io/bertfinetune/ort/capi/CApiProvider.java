package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import io.bertfinetune.ort.lowering.CudaLowering;
import java.util.Optional;

/** Makes {@link CApiEngine}s: for CUDA, and for the processor where a build of ONNX Runtime was chosen by name. */
public final class CApiProvider implements EngineProvider {
    /** For {@link java.util.ServiceLoader}. */
    public CApiProvider() {}

    @Override
    public Optional<Engine> open(Device device) {
        return switch (device.kind()) {
            case CUDA -> Optional.of(cuda(device));
            case CPU -> Natives.chosen().map(build -> CApiEngine.cpu(Natives.choose(false)));
            case AUTO -> Optional.empty();
        };
    }

    /** The cause is looked for first: once ONNX Runtime has tried, it is hidden. */
    private static Engine cuda(Device device) {
        CudaCheck.run(Natives.chosen().filter(NativeBuild::cuda).map(CudaNatives::of))
                .require(device.index());
        return CApiEngine.cuda(
                Natives.choose(true), CudaLowering.in(Precision.FLOAT32), CudaOptions.of(device.index()));
    }
}
