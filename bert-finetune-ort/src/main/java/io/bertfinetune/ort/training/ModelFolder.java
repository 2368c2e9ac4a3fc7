package io.bertfinetune.ort.training;

import com.google.common.collect.Iterables;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.heads.TaskHead;
import io.bertfinetune.ort.lowering.CpuLowering;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.onnx.Initializer;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxWriter;
import io.bertfinetune.ort.weights.Pretrained;
import io.bertfinetune.ort.weights.SafeTensors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Writes a model as Hugging Face saves it, and as one ONNX file for plain inference. Every file is written under a
 * temporary name, forced to the disk, and moved into place at once; what another model left there is deleted before.
 */
final class ModelFolder {
    private static final String CONFIG = "config.json";
    private static final String ONNX = "model.onnx";

    private final Path folder;

    /** A file's content on its way to the disk. */
    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    ModelFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes all files.
     *
     * @param inference the graph of {@code model.onnx}; empty to leave that file out
     */
    void write(
            BertConfig config,
            TaskHead<?, ?, ?> head,
            Map<String, byte[]> tokenizerFiles,
            Optional<StepGraph> inference,
            ParameterStore values) {
        Map<String, byte[]> texts = new TreeMap<>(tokenizerFiles);
        texts.put(CONFIG, config.toJson(head.labels(), head.problemType()).getBytes(StandardCharsets.UTF_8));
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(ONNX)); // it holds the weights of before
            if (!holds(texts)) {
                Files.deleteIfExists(folder.resolve(CONFIG)); // without it the folder opens for nobody
                for (String name : Pretrained.TOKENIZER_FILES) {
                    Files.deleteIfExists(folder.resolve(name));
                }
            }
            Map<String, SafeTensors.Source> tensors = new TreeMap<>();
            values.all()
                    .forEach((name, tensor) ->
                            tensors.put(name, new SafeTensors.Source(tensor.shape(), numbers(values, name))));
            SafeTensors.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
            if (inference.isPresent()) {
                write(ONNX, out -> OnnxWriter.write(inference(inference.get(), values), out));
            }
            byte[] last = Objects.requireNonNull(texts.remove(CONFIG));
            for (Map.Entry<String, byte[]> file : texts.entrySet()) {
                write(file.getKey(), out -> out.write(file.getValue()));
            }
            write(CONFIG, out -> out.write(last));
        } catch (IOException e) {
            throw new CheckpointException("cannot save the model to " + folder + ": " + e, e);
        }
    }

    /** Whether configuration and tokenizer are there already, and no other file of a tokenizer. */
    private boolean holds(Map<String, byte[]> texts) throws IOException {
        for (String name : Iterables.concat(Pretrained.TOKENIZER_FILES, List.of(CONFIG))) {
            Path file = folder.resolve(name);
            byte[] text = texts.get(name);
            boolean same =
                    Files.exists(file) ? text != null && Arrays.equals(text, Files.readAllBytes(file)) : text == null;
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private void write(String name, Content content) throws IOException {
        Path temporary = folder.resolve(".tmp-" + name);
        try {
            try (FileChannel channel = FileChannel.open(
                            temporary,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(
                    temporary,
                    folder.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The prediction graph with the weights inside. */
    private static OnnxModel inference(StepGraph prediction, ParameterStore values) {
        OnnxModel model = CpuLowering.standard().lower(prediction.program());
        OnnxGraph graph = model.graph();
        List<Initializer> initializers = new ArrayList<>(graph.initializers());
        for (Map.Entry<String, Value> parameter : prediction.parameters().entrySet()) {
            List<Long> dims = values.get(parameter.getKey()).shape();
            initializers.add(Initializer.ofFloats(parameter.getKey(), dims, numbers(values, parameter.getKey())));
        }
        OnnxGraph whole = new OnnxGraph(
                "bert",
                graph.nodes(),
                graph.inputs().stream()
                        .filter(input -> !prediction.parameters().containsKey(input.name()))
                        .toList(),
                graph.outputs(),
                initializers);
        return new OnnxModel(whole, model.irVersion(), model.opsets());
    }

    private static Supplier<FloatBuffer> numbers(ParameterStore values, String name) {
        return () -> values.numbers(name);
    }
}
