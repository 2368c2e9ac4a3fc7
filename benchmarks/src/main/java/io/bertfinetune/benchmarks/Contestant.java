package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who takes part in a comparison, and the process to be started for it.
 *
 * @param name its name in tables
 * @param command what starts it; empty if it cannot take part
 * @param threads with how many threads it computes
 * @param isRequired whether nothing is worth measuring without it
 */
record Contestant(String name, List<String> command, int threads, boolean isRequired) {
    private static final String SCRIPT = "peer.py";

    /** Keeps the command. */
    Contestant {
        command = List.copyOf(command);
    }

    /** This library, doing one kind of work in a folder; see {@link OwnSide}. */
    static Contestant own(String name, Path folder, int threads, String... work) {
        return new Contestant(name, OwnSide.command(folder, threads, List.of(), work), threads, true);
    }

    /** A peer, doing one kind of work in a folder; see {@code peer.py}. */
    static Contestant peer(String name, Optional<String> python, Path folder, int threads, String... work) {
        List<String> command = new ArrayList<>();
        python.ifPresent(program -> {
            command.addAll(List.of(program, script(folder).toString(), folder.toString()));
            command.addAll(List.of(work));
        });
        return new Contestant(name, command, threads, false);
    }

    /** The same, whose absence does not end the comparison. */
    Contestant optional() {
        return new Contestant(name, command, threads, false);
    }

    /** The same with more flags for the Java machine. */
    Contestant withJvm(String... flags) {
        List<String> longer = new ArrayList<>(command);
        longer.addAll(1, List.of(flags));
        return new Contestant(name, longer, threads, isRequired);
    }

    /**
     * Whether a Python answers at all.
     *
     * @throws SideException if it does not
     */
    static void requireRuns(String python) {
        try {
            Process process = new ProcessBuilder(python, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new SideException("python " + python + " does not start: exit code " + process.exitValue());
            }
        } catch (IOException e) {
            throw new SideException("python " + python + " does not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SideException("interrupted", e);
        }
    }

    /** Where the peers' script lies in a work folder. */
    private static Path script(Path folder) {
        Path file = folder.resolve(SCRIPT);
        if (Files.exists(file)) {
            return file;
        }
        try (InputStream script = Objects.requireNonNull(Contestant.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            Files.copy(script, file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
