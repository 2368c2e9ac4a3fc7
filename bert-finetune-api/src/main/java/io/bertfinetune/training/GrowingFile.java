package io.bertfinetune.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntFunction;

/**
 * A file callbacks write to while a run goes on. It is open only while something is appended, so that however a run ends
 * nothing stays open and nothing is lost; a run logs seldom enough for that.
 */
final class GrowingFile {
    private final Path path;

    private GrowingFile(Path path) {
        this.path = path;
    }

    /** The file of this path; whether it is there shows itself when something is appended. */
    static GrowingFile of(Path path) {
        return new GrowingFile(path);
    }

    /** A new file in a folder, which is created if need be, under the first name, counted from 0, nobody has taken. */
    static GrowingFile create(Path folder, IntFunction<String> names, byte[] content) {
        try {
            makeFolder(folder);
            int count = 0;
            while (!isCreated(folder.resolve(names.apply(count)), content)) {
                count++;
            }
            return new GrowingFile(folder.resolve(names.apply(count)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a log file in " + folder + ": " + e, e);
        }
    }

    boolean isEmpty() {
        try {
            return Files.notExists(path) || Files.size(path) == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e, e);
        }
    }

    /** What stands before the first line break; empty in an empty file. */
    String firstLine() {
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            String line = reader.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e, e);
        }
    }

    /** Adds this at the end, in one piece; creates the file, and its folder, if they are not there. */
    void append(byte[] content) {
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                makeFolder(folder);
            }
            Files.write(path, content, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + path + ": " + e, e);
        }
    }

    /** The path, for messages. */
    @Override
    public String toString() {
        return path.toString();
    }

    private static boolean isCreated(Path path, byte[] content) throws IOException {
        try {
            Files.write(path, content, StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false; // it belongs to another run
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) { // JDK-8294193: older releases of 17 refuse a link to a folder
            Files.createDirectories(folder);
        }
    }
}
