package io.bertfinetune;

import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Tokenizer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A pretrained BERT on disk, and how it is to be opened; Hugging Face's {@code from_pretrained}. Does not change, and
 * costs nothing before {@link #load}.
 *
 * <pre>{@code
 * try (var model = Bert.fromPretrained(Path.of("models/minilm")).maxLength(128).load(SequenceClassification.labelsOf(train))) {
 *     …
 * }
 * }</pre>
 */
public final class Bert {
    private final Backend.Source source;

    private Bert(Backend.Source source) {
        this.source = source;
    }

    /**
     * The model in a folder as Hugging Face saves it: {@code config.json}, {@code model.safetensors}, and
     * {@code tokenizer.json} or {@code vocab.txt}. An ONNX export of a BERT ({@code .onnx} with its
     * {@code tokenizer.json} beside it, or a {@code .jar} that holds both) will do as well: its weights are taken.
     *
     * @param path the folder or file; nothing is ever downloaded
     * @return the model, not yet opened
     */
    public static Bert fromPretrained(Path path) {
        return new Bert(new Backend.Source(
                Objects.requireNonNull(path, "path"), Device.auto(), OptionalInt.empty(), Optional.empty()));
    }

    /**
     * Where to compute; {@link Device#auto} unless said.
     *
     * @param device the device
     * @return the same model, to be opened there
     */
    public Bert device(Device device) {
        return new Bert(new Backend.Source(source.path(), device, source.maxLength(), source.tokenizer()));
    }

    /**
     * How many tokens of an input are read, special tokens included; all the model can (512 for most) unless said. Longer
     * inputs are cut. Hugging Face's {@code max_seq_length}.
     *
     * @param tokens 3 or more
     * @return the same model, to be opened so
     */
    public Bert maxLength(int tokens) {
        if (tokens < 3) {
            throw new IllegalArgumentException(
                    "maxLength: " + tokens + " tokens, expected at least 3: [CLS], one of the text, and [SEP]");
        }
        return new Bert(new Backend.Source(source.path(), source.device(), OptionalInt.of(tokens), source.tokenizer()));
    }

    /**
     * A tokenizer of your own in place of the model's.
     *
     * @param tokenizer the tokenizer; its ids must fit the model's vocabulary
     * @return the same model, to be opened with it
     */
    public Bert tokenizer(Tokenizer tokenizer) {
        return new Bert(new Backend.Source(source.path(), source.device(), source.maxLength(), Optional.of(tokenizer)));
    }

    /**
     * Opens the model for a task. A head the checkpoint does not bring starts fresh, and one log line says so.
     *
     * @param task what the model is to do
     * @param <I> input
     * @param <L> label
     * @param <P> prediction
     * @return the model; close it when done
     * @throws io.bertfinetune.error.ModelFormatException if a file is missing, damaged, or does not fit
     * @throws io.bertfinetune.error.EngineException if nothing on the class path can run it
     */
    public <I, L, P> Model<I, L, P> load(Task<I, L, P> task) {
        return Backend.find().load(source, task);
    }

    /**
     * Reads the tokenizer alone.
     *
     * @return the tokenizer the model would be opened with
     */
    public Tokenizer loadTokenizer() {
        return source.tokenizer().orElseGet(() -> Backend.find().tokenizer(source.path()));
    }
}
