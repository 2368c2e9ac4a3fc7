package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineContract;
import io.bertfinetune.ort.lowering.CudaLowering;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Fused gradients mean what plain operators mean: the build with training has the same kernels for the processor. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class FusedEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return CApiEngine.cpu(NativeBuild.BYTEDECO, CudaLowering.fusedIn(Precision.FLOAT32), 2);
    }
}
