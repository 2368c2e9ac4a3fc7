package io.bertfinetune.ort.engine;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.lowering.CudaLowering;

/** What is written for a GPU means the same on a processor. */
class CudaLoweringOnProcessorTest extends EngineContract {
    @Override
    protected Engine engine() {
        return OrtEngine.cpu(CudaLowering.in(Precision.FLOAT32), 2);
    }
}
