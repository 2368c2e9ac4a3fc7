package io.bertfinetune.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** What keeping checkpoints does to a file system, one operation at a time; a test lets any one of them fail. */
public interface FileOperations {
    /**
     * The operations of the disk.
     *
     * @return operations that hold nothing
     */
    static FileOperations ofDisk() {
        return new Disk();
    }

    /**
     * Creates a folder and those above it, if they are not there.
     *
     * @param folder the folder
     * @throws IOException if it cannot be created
     */
    void createFolders(Path folder) throws IOException;

    /**
     * Writes a new file.
     *
     * @param file the file, which is not there yet
     * @param content all of its bytes
     * @throws IOException if it cannot be written
     */
    void write(Path file, byte[] content) throws IOException;

    /**
     * Waits until what was written is on the disk; of a folder, which names are in it.
     *
     * @param path a file or folder
     * @throws IOException if the disk fails
     */
    void force(Path path) throws IOException;

    /**
     * Gives a file or folder another name, at once.
     *
     * @param from the file or folder
     * @param to its new name; a file that has it is replaced by a file, a folder must not be there
     * @throws IOException if it cannot be moved
     */
    void move(Path from, Path to) throws IOException;

    /**
     * Deletes a file or an empty folder.
     *
     * @param path the file or folder
     * @throws IOException if it cannot be deleted
     */
    void delete(Path path) throws IOException;

    /**
     * Writes a file that may be there already: whoever opens it sees the whole old one or the whole new one.
     *
     * @param folder the folder; created if it is not there
     * @param name the file's name
     * @param content all of its bytes
     * @return the file
     * @throws IOException if it cannot be written; an old one is as it was
     */
    default Path replace(Path folder, String name, byte[] content) throws IOException {
        Path beside = folder.resolve("." + name + "." + UUID.randomUUID());
        Path file = folder.resolve(name);
        createFolders(folder);
        try {
            write(beside, content);
            move(beside, file);
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            throw e;
        }
        return file;
    }
}
