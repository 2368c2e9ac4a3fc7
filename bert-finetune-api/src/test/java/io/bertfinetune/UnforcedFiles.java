package io.bertfinetune;

import io.bertfinetune.checkpoint.FileOperations;
import java.io.IOException;
import java.nio.file.Path;

/** The disk without waiting for it: enough where no machine stops. */
class UnforcedFiles implements FileOperations {
    private final FileOperations disk = FileOperations.ofDisk();

    @Override
    public void createFolders(Path folder) throws IOException {
        disk.createFolders(folder);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        disk.write(file, content);
    }

    @Override
    public void force(Path path) throws IOException {}

    @Override
    public void move(Path from, Path to) throws IOException {
        disk.move(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(path);
    }
}
