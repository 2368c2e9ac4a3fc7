package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lays a model for all sides into a work folder: random weights of a size, or a folder of Hugging Face as it is. */
final class ModelFolder {
    private static final long SEED = 42;
    private static final String UNCASED = "bert_assets/bert-base-uncased-vocab.txt";

    private ModelFolder() {}

    /**
     * Writes the model.
     *
     * @param model the key of a {@link BertSize}, or a folder
     * @param data where a real vocabulary may lie, that real texts be cut as usual
     */
    static void write(String model, Path data, Path folder) throws IOException {
        Path given = Path.of(model);
        if (Files.isRegularFile(given.resolve("config.json"))) {
            copy(given, folder);
            return;
        }
        BertSize size = BertSize.of(model);
        RandomBert.write(size, SEED, folder);
        Path vocabulary = data.resolve(UNCASED);
        if (Files.isRegularFile(vocabulary)) {
            List<String> words = Files.readAllLines(vocabulary);
            if (words.size() == size.vocabulary()) {
                Files.write(folder.resolve("vocab.txt"), words);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.newDirectoryStream(from, Files::isRegularFile)) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
