package io.bertfinetune.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder to write to, made before the work begins, so that a long run does not fail at its end. */
final class OutputFolder {
    private OutputFolder() {}

    /**
     * Makes the folder if it is not there.
     *
     * @throws UsageException if it cannot be made, or not be written to
     */
    static Path make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UsageException("the output folder " + folder + " cannot be made: " + e, e);
        }
        if (!Files.isWritable(folder)) {
            throw new UsageException("the output folder " + folder + " cannot be written to");
        }
        return folder;
    }
}
