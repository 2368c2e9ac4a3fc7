package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineContract;

class OneDnnEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        assumeThat(OneDnn.isInstalled())
                .as("oneDNN is on the class path and for this platform")
                .isTrue();
        return CApiEngine.cpuWithOneDnn(NativeBuild.MICROSOFT, 2);
    }
}
