package io.bertfinetune.spi;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.DeviceSupport;
import io.bertfinetune.model.Model;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Tokenizer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;

/**
 * What runs models, found by {@link ServiceLoader}, which is to find it as {@link DeviceSupport} too. Users never call it;
 * {@code Bert} does.
 */
public interface Backend extends DeviceSupport {
    /**
     * Opens a pretrained model for a task.
     *
     * @param source where the model is and how it is to be opened
     * @param task what it is to do
     * @param <I> input
     * @param <L> label
     * @param <P> prediction
     * @return the model; the caller closes it
     */
    <I, L, P> Model<I, L, P> load(Source source, Task<I, L, P> task);

    /**
     * Reads the tokenizer of a model.
     *
     * @param model a model folder, or another form of a model the backend reads
     * @return the tokenizer
     */
    Tokenizer tokenizer(Path model);

    /**
     * The backend of this application.
     *
     * @return the first one found
     * @throws EngineException if there is none; the message says which dependency to add
     */
    static Backend find() {
        Iterator<Backend> found = ServiceLoader.load(Backend.class).iterator();
        if (!found.hasNext()) {
            found = ServiceLoader.load(Backend.class, Backend.class.getClassLoader())
                    .iterator();
        }
        if (!found.hasNext()) {
            throw new EngineException(
                    "nothing on the class path can run a model; add the dependency io.bertfinetune:bert-finetune-ort");
        }
        return found.next();
    }

    /**
     * Where a model is and how it is to be opened.
     *
     * @param path a model folder, or another form of a model the backend reads
     * @param device where to compute
     * @param maxLength how many tokens of an input to read; empty for all the model can
     * @param tokenizer a tokenizer in place of the model's own; empty for its own
     */
    record Source(Path path, Device device, OptionalInt maxLength, Optional<Tokenizer> tokenizer) {}
}
