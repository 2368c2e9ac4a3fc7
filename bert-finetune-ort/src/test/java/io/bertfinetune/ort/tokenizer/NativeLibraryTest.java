package io.bertfinetune.ort.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.error.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the native library is found, which happens once a JVM. */
class NativeLibraryTest {
    @TempDir
    private Path work;

    @Test
    void aFolderItCannotUnpackIntoIsOneClearError() throws IOException {
        Path file = Files.createFile(work.resolve("file"));

        ChildJvm.Result result = ChildJvm.run(OpensTwice.class, work, List.of(), "-DDJL_CACHE_DIR=" + file);

        assertThat(result.output().lines().filter(line -> line.startsWith("EngineException: ")))
                .hasSize(2)
                .allMatch(line -> line.contains("DJL_CACHE_DIR") && line.contains(System.getProperty("os.arch")));
    }

    @Test
    void aContextClassLoaderThatKnowsNothingDoesNoHarm() {
        ChildJvm.Result result = ChildJvm.run(OpensInAStrangePlace.class, work, List.of());

        assertThat(result.output()).contains("[2, 43, 3]");
    }

    /** Prints the errors of opening tiny_bert. */
    static final class OpensTwice {
        private OpensTwice() {}

        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) {
                try {
                    Fixtures.tinyTokenizer().close();
                } catch (EngineException e) {
                    System.out.println("EngineException: " + e.getMessage());
                }
            }
        }
    }

    /** Prints the ids of a text from a thread whose class loader has the JDK's classes alone. */
    static final class OpensInAStrangePlace {
        private OpensInAStrangePlace() {}

        public static void main(String[] args) {
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
            try (CloseableTokenizer tokenizer = Fixtures.tinyTokenizer()) {
                System.out.println(Arrays.toString(tokenizer.encode("a").ids()));
            }
        }
    }
}
