package io.bertfinetune.ort.engine;

// #region contract
class ReferenceEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return new ReferenceEngine();
    }
}
// #endregion contract
