package io.bertfinetune.ort.engine;

/** The engine that stands for a GPU keeps the contract. */
class DistantEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return new DistantEngine();
    }
}
