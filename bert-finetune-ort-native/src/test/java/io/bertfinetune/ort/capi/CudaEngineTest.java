package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Device;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineContract;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract of engines on an NVIDIA GPU, in float32 without TensorFloat-32; profile {@code gpu} runs it. */
@EnabledIfSystemProperty(
        named = "io.bertfinetune.test.cuda",
        matches = "true",
        disabledReason = "needs an NVIDIA GPU; run it there with: mvn -Pgpu -pl bert-finetune-ort-native -am verify")
class CudaEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return new CApiProvider().open(Device.cuda(0)).orElseThrow();
    }
}
