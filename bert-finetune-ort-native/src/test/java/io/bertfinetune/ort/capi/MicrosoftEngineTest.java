package io.bertfinetune.ort.capi;

import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineContract;

class MicrosoftEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return CApiEngine.cpu(NativeBuild.MICROSOFT);
    }
}
