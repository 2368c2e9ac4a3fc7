package io.bertfinetune.checkpoint;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.bertfinetune.error.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The list of a checkpoint's files with their SHA-256, {@code MANIFEST.sha256}, which {@code sha256sum -c} reads too. It
 * is written last: a checkpoint without it was never whole.
 */
final class Manifest {
    static final String NAME = "MANIFEST.sha256";
    private static final String LINE = "[0-9a-f]{64}  [^/\\\\]+";

    private Manifest() {}

    /** The manifest of the files that are in a folder now. */
    static byte[] of(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : filesIn(folder)) {
            text.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The files of a folder, in the order of their names. */
    static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /**
     * Compares a checkpoint with its manifest.
     *
     * @return the names of its files
     * @throws CheckpointException if a file is missing, damaged or not listed; the message names it
     */
    static Set<String> verify(Path checkpoint) {
        Map<String, String> listed = read(checkpoint);
        try {
            for (Map.Entry<String, String> entry : listed.entrySet()) {
                Path file = checkpoint.resolve(entry.getKey());
                if (!Files.isRegularFile(file)) {
                    throw new CheckpointException(
                            file + ": no such file; " + NAME + " lists it, so the checkpoint is damaged");
                }
                String found = sha256(file);
                if (!found.equals(entry.getValue())) {
                    throw new CheckpointException(
                            file + ": damaged, its SHA-256 is " + found + ", " + NAME + " says " + entry.getValue());
                }
            }
            for (Path file : filesIn(checkpoint)) {
                String name = file.getFileName().toString();
                if (isOurs(name) && !listed.containsKey(name)) {
                    throw new CheckpointException(file + ": not in " + NAME + ", which lists " + listed.keySet()
                            + "; it is damaged or the file was added later");
                }
            }
        } catch (IOException e) {
            throw new CheckpointException("checkpoint " + checkpoint + " cannot be read: " + e, e);
        }
        return listed.keySet();
    }

    private static Map<String, String> read(Path checkpoint) {
        Path manifest = checkpoint.resolve(NAME);
        if (!Files.isRegularFile(manifest)) {
            throw new CheckpointException(manifest + ": no such file; this is no whole checkpoint of this library");
        }
        List<String> lines = new ArrayList<>();
        try {
            String text = new String(Files.readAllBytes(manifest), StandardCharsets.UTF_8);
            if (!text.endsWith("\n")) {
                throw new CheckpointException(manifest + ": damaged, its last line is cut off");
            }
            lines.addAll(text.lines().toList());
        } catch (IOException e) {
            throw new CheckpointException(manifest + ": cannot be read: " + e, e);
        }
        Map<String, String> listed = new TreeMap<>();
        for (String line : lines) {
            if (!line.matches(LINE)) {
                throw new CheckpointException(manifest + ": damaged, line " + (listed.size() + 1) + " is '" + line
                        + "', expected a SHA-256, two spaces and a name");
            }
            listed.put(line.substring(66), line.substring(0, 64));
        }
        return listed;
    }

    /** Whether a file of this name would be read from a checkpoint. */
    private static boolean isOurs(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".json") || name.endsWith(".txt");
    }

    private static String sha256(Path file) throws IOException {
        return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
    }
}
