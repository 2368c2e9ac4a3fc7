package io.bertfinetune.ort.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What a file is that bears the name of another: recognised by its first bytes. */
final class Lookalike {
    private static final int HEAD = 256;

    private Lookalike() {}

    /** What the file looks like and what to do about it, if it is something we know. */
    static Optional<String> of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(HEAD));
        } catch (IOException e) {
            return Optional.empty(); // whoever reads it next says so
        }
    }

    /** The same from the first bytes of the file. */
    static Optional<String> of(byte[] head) {
        if (startsWith(head, 'P', 'K', 3, 4) || startsWith(head, 'P', 'K', 5, 6)) {
            return Optional.of("a zip archive, which torch.save writes around a pickle; " + CONVERT);
        }
        if (head.length >= 2 && (head[0] & 0xFF) == 0x80 && head[1] >= 2 && head[1] <= 5) {
            return Optional.of("a Python pickle, as old versions of torch.save write it; " + CONVERT);
        }
        if (startsWith(head, 0x89, 'H', 'D', 'F')) {
            return Optional.of("an HDF5 file, as Keras writes it; take the model's model.safetensors instead");
        }
        if (startsWith(head, 'G', 'G', 'U', 'F')) {
            return Optional.of("a GGUF file of llama.cpp; take the model's model.safetensors instead");
        }
        if (startsWith(head, 0x1F, 0x8B)) {
            return Optional.of("a gzip archive; unpack it first");
        }
        String text = new String(head, StandardCharsets.ISO_8859_1).strip();
        if (text.startsWith("version https://git-lfs")) {
            return Optional.of("a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'");
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
            return Optional.of("an HTML page: the download got a web page instead of the file; download it again");
        }
        if (text.startsWith("{") || text.startsWith("[")) {
            return Optional.of("a JSON text, such as a server's error message; download the file again");
        }
        return Optional.empty();
    }

    /** How a pickle becomes something that can be read. */
    static final String CONVERT = "pickles are never read, for they can run any code. Convert it where you trust it, in"
            + " Python: transformers.AutoModel.from_pretrained(folder).save_pretrained(folder), or"
            + " AutoModelForSequenceClassification to keep a trained classifier";

    private static boolean startsWith(byte[] head, int... magic) {
        if (head.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((head[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
