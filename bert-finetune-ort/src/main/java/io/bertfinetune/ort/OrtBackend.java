package io.bertfinetune.ort;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.tokenizer.OrtTokenizers;
import io.bertfinetune.ort.training.ModelLoader;
import io.bertfinetune.ort.weights.Pretrained;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs models on ONNX Runtime. */
public final class OrtBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger("io.bertfinetune");
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    /** For {@link java.util.ServiceLoader}. */
    public OrtBackend() {}

    @Override
    public <I, L, P> Model<I, L, P> load(Source source, Task<I, L, P> task) {
        Engine engine = engine(source.device());
        boolean done = false;
        try {
            Model<I, L, P> model = new ModelLoader(engine).load(source, task);
            done = true;
            return model;
        } finally {
            if (!done) {
                engine.close();
            }
        }
    }

    @Override
    public Tokenizer tokenizer(Path model) {
        try (Pretrained pretrained = Pretrained.open(model)) {
            return OrtTokenizers.read(pretrained.tokenizerFiles(), pretrained.name());
        }
    }

    @Override
    public Optional<String> missingFor(Device device, Precision precision) {
        if (device.kind() != Device.Kind.AUTO) {
            return EngineProvider.missing(device, precision);
        }
        Device cuda = Device.cuda(0);
        boolean hasCuda = EngineProvider.missing(cuda, Precision.FLOAT32).isEmpty();
        return EngineProvider.missing(hasCuda ? cuda : Device.cpu(), precision);
    }

    /** The engine of a provider if one has the device, else the processor's. */
    private static Engine engine(Device device) {
        if (device.kind() == Device.Kind.AUTO) {
            return best();
        }
        return provided(device).orElseGet(() -> {
            if (device.kind() == Device.Kind.CUDA) {
                throw new EngineException("device " + device + ": " + EngineProvider.NO_CUDA);
            }
            return OrtEngine.cpu();
        });
    }

    /** CUDA that is installed and does not work is worth one warning; that it is not installed is nothing to speak of. */
    private static Engine best() {
        if (EngineProvider.all().stream().noneMatch(provider -> provider.isInstalledFor(Device.Kind.CUDA))) {
            LOG.debug("device auto: the processor; {}", EngineProvider.NO_CUDA);
            return engine(Device.cpu());
        }
        try {
            Engine cuda = engine(Device.cuda(0));
            LOG.info("device auto: {}", cuda.device());
            return cuda;
        } catch (EngineException e) {
            if (WARNED.compareAndSet(false, true)) {
                LOG.warn("device auto: the processor; {}", e.getMessage());
            }
            return engine(Device.cpu());
        }
    }

    private static Optional<Engine> provided(Device device) {
        return EngineProvider.all().stream()
                .flatMap(provider -> provider.open(device).stream())
                .findFirst();
    }
}
