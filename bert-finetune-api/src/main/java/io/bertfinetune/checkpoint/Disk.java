package io.bertfinetune.checkpoint;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The operations of {@link java.nio.file}. */
final class Disk implements FileOperations {
    @Override
    public void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) { // JDK-8294193: older releases of 17 refuse a link to a folder
            Files.createDirectories(folder);
        }
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void force(Path path) throws IOException {
        boolean isFolder = Files.isDirectory(path);
        if (isFolder && File.separatorChar == '\\') {
            return; // Windows opens no folder, and writes names to the disk by itself
        }
        try (FileChannel channel =
                FileChannel.open(path, isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }
}
