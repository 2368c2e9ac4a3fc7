package io.bertfinetune.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** What comes with the examples, wherever they are started from. */
final class Shipped {
    private Shipped() {}

    /** What {@link Flag#MODEL} says, or MiniLM. */
    static Path model(Flags flags) {
        return flags.optional(Flag.MODEL.name()).map(Path::of).orElseGet(Shipped::miniLm);
    }

    /** What {@link Flag#DATA} says, or the mails. */
    static Path data(Flags flags) {
        return flags.optional(Flag.DATA.name()).map(Path::of).orElseGet(Shipped::mails);
    }

    /**
     * The MiniLM model, which the build lays beside the jar of the examples.
     *
     * @throws UsageException if it is not there
     */
    static Path miniLm() {
        Path model = home().resolveSibling("models").resolve("all-minilm-l6-v2.jar");
        if (!Files.exists(model)) {
            throw new UsageException("no model at " + model + ", where the build lays MiniLM; name one with --model");
        }
        return model;
    }

    /**
     * The folder with {@code train.csv}, {@code validation.csv} and {@code test.csv} of the mails, maybe inside the
     * jar.
     */
    static Path mails() {
        return Inside.ROOT.resolve("io/bertfinetune/examples/mails");
    }

    /** The jar, or the folder of classes. */
    private static Path home() {
        try {
            return Path.of(Shipped.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the examples were not loaded from a file", e);
        }
    }

    /** Opened when first needed; a jar then stays open for as long as the program runs. */
    private static final class Inside {
        static final Path ROOT = root();

        private static Path root() {
            if (Files.isDirectory(home())) {
                return home();
            }
            try {
                return FileSystems.newFileSystem(home()).getPath("/");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
