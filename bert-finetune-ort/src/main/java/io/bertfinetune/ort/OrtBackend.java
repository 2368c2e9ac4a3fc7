package io.bertfinetune.ort;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.tokenizer.OrtTokenizers;
import io.bertfinetune.ort.training.ModelLoader;
import io.bertfinetune.ort.weights.Pretrained;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Tokenizer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs models on ONNX Runtime. */
public final class OrtBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger("io.bertfinetune");

    /** For {@link java.util.ServiceLoader}. */
    public OrtBackend() {}

    @Override
    public <I, L, P> Model<I, L, P> load(Source source, Task<I, L, P> task) {
        return new ModelLoader(engine(source.device())).load(source, task);
    }

    @Override
    public Tokenizer tokenizer(Path model) {
        try (Pretrained pretrained = Pretrained.open(model)) {
            return OrtTokenizers.read(pretrained.tokenizerFiles(), pretrained.name());
        }
    }

    private static Engine engine(Device device) {
        return switch (device.kind()) {
            case AUTO -> {
                LOG.info("device auto: the processor, for no engine for CUDA is on the class path");
                yield OrtEngine.cpu();
            }
            case CPU -> OrtEngine.cpu();
            case CUDA ->
                throw new EngineException("device " + device
                        + ": this backend computes on the processor; no engine for CUDA is on the class path");
        };
    }
}
