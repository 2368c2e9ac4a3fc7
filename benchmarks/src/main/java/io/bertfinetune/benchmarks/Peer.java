package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** What the library is compared with: transformers on PyTorch, in a process that runs {@code peer.py}. */
enum Peer {
    /** Attention by {@code torch.nn.functional.scaled_dot_product_attention}, Hugging Face's default. */
    SDPA("PyTorch SDPA", "sdpa"),
    /** Attention written out. */
    EAGER("PyTorch eager", "eager");

    private static final String SCRIPT = "peer.py";

    private final String title;
    private final String attention;

    Peer(String title, String attention) {
        this.title = title;
        this.attention = attention;
    }

    String title() {
        return title;
    }

    /** The command that starts it, after {@link #writeScript}. */
    List<String> command(String python, Path folder) {
        return List.of(python, folder.resolve(SCRIPT).toString(), folder.toString(), attention);
    }

    /** Lays the peers' script into a work folder. */
    static void writeScript(Path folder) {
        try (InputStream script = Objects.requireNonNull(Peer.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            Files.copy(script, folder.resolve(SCRIPT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
