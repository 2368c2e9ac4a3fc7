package io.bertfinetune.ort.capi;

import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class BytedecoEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return CApiEngine.cpu(NativeBuild.BYTEDECO);
    }
}
