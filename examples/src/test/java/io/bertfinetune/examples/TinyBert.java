package io.bertfinetune.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The tiny BERT of the -ort tests, on disk, without its head: it can be opened for any labels, and learns little. */
final class TinyBert {
    private TinyBert() {}

    static Path in(Path parent) {
        Path folder = parent.resolve("tiny_bert");
        try {
            Files.createDirectories(folder);
            for (String name : List.of("config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json")) {
                Files.write(folder.resolve(name), resource(name));
            }
            Files.write(folder.resolve("model.safetensors"), withoutHead(resource("model.safetensors")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = TinyBert.class.getResourceAsStream("/tiny_bert/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    /** Gives the classifier another name, as long as its own, so that nothing finds it. */
    private static byte[] withoutHead(byte[] model) {
        String bytes = new String(model, StandardCharsets.ISO_8859_1);
        return bytes.replace("\"classifier.", "\"elsewhere..").getBytes(StandardCharsets.ISO_8859_1);
    }
}
