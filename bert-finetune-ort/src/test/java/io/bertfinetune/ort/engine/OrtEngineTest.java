package io.bertfinetune.ort.engine;

class OrtEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return OrtEngine.cpu();
    }
}
