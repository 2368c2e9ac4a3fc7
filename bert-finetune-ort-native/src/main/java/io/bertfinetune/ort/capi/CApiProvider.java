package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Device;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import io.bertfinetune.ort.lowering.CpuLowering;
import java.util.Optional;

/** Makes {@link CApiEngine}s: for CUDA, and for the processor where a build of ONNX Runtime was chosen by name. */
public final class CApiProvider implements EngineProvider {
    /** For {@link java.util.ServiceLoader}. */
    public CApiProvider() {}

    @Override
    public Optional<Engine> open(Device device) {
        return switch (device.kind()) {
            case CUDA ->
                Optional.of(
                        CApiEngine.cuda(Natives.choose(true), CpuLowering.standard(), CudaOptions.of(device.index())));
            case CPU -> Natives.chosen().map(build -> CApiEngine.cpu(Natives.choose(false)));
            case AUTO -> Optional.empty();
        };
    }
}
