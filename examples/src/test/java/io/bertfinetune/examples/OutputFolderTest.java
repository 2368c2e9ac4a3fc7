package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderIsMadeWithItsParents() {
        assertThat(OutputFolder.make(folder.resolve("a/b"))).isDirectory();
    }

    @Test
    void aFolderThatIsThereStays() {
        assertThat(OutputFolder.make(folder)).isEqualTo(folder);
    }

    @Test
    void aFileIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> OutputFolder.make(file))
                .withMessageStartingWith("the output folder " + file + " cannot be made");
    }
}
