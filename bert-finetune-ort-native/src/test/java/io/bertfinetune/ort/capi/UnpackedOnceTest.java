package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackedOnceTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    private Path folder;

    private Path cache;

    @BeforeEach
    void notThereYet() {
        cache = folder.resolve("some/cache");
    }

    @Test
    void filesLieSideBySideUnderTheirOwnNames() throws Exception {
        Path unpacked = unpack(jar("first"));

        assertThat(unpacked).startsWith(cache);
        assertThat(contents(unpacked)).isEqualTo(Map.of("lib.so", "first", "needed.so.1", "beside"));
    }

    @Test
    void whatIsThereIsNotWrittenAgain() throws Exception {
        List<URL> files = jar("first");
        Path file = unpack(files).resolve("lib.so");
        Files.setLastModifiedTime(file, LONG_AGO);

        assertThat(unpack(files).resolve("lib.so")).isEqualTo(file);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fir", "fires", "first and more"})
    void whatWasCutOffOrChangedIsWrittenAnew(String found) throws Exception {
        List<URL> files = jar("first");
        Path file = unpack(files).resolve("lib.so");
        Object before = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        Files.writeString(file, found);

        assertThat(contents(unpack(files))).containsEntry("lib.so", "first").hasSize(2);

        // A program that has it loaded keeps what it has.
        assertThat(Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                .isNotEqualTo(before);
    }

    @Test
    void anotherVersionLiesElsewhere() throws Exception {
        Path first = unpack(jar("first"));
        Path second = unpack(jar("second"));

        assertThat(contents(first)).containsEntry("lib.so", "first");
        assertThat(contents(second)).containsEntry("lib.so", "second");
    }

    @Test
    void programsThatUnpackAtTheSameTimeDoNotDisturbEachOther() throws Exception {
        List<URL> files = jar("x".repeat(3_000_000));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Path> unpacking = () -> unpack(files);
            for (Future<Path> each : threads.invokeAll(
                    IntStream.range(0, 8).mapToObj(i -> unpacking).toList())) {
                assertThat(contents(each.get())).containsOnlyKeys("lib.so", "needed.so.1");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatAKilledProgramHadBegunToWriteIsDeletedButNotWhatOneIsWriting() throws Exception {
        List<URL> files = jar("first");
        Path unpacked = unpack(files);
        Path abandoned = Files.writeString(unpacked.resolve("lib.so123.part"), "fir");
        Files.setLastModifiedTime(abandoned, LONG_AGO);
        Path underWay = Files.writeString(unpacked.resolve("lib.so456.part"), "fi");
        Files.delete(unpacked.resolve("lib.so"));

        unpack(files);

        assertThat(abandoned).doesNotExist();
        assertThat(underWay).exists();
        assertThat(contents(unpacked)).containsEntry("lib.so", "first");
    }

    @Test
    void aFileThatIsInNoJarIsRefused() throws Exception {
        URL file = Files.writeString(folder.resolve("lib.so"), "first").toUri().toURL();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> unpack(List.of(file)))
                .withMessage(file + " is not in a jar");
    }

    @Test
    void aCacheThatCannotBeWrittenToIsAnIOException() throws Exception {
        Files.createDirectories(cache.getParent());
        Files.writeString(cache, "a file");

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> unpack(jar("first")));
    }

    private Path unpack(List<URL> files) throws IOException {
        return new UnpackedOnce(cache).unpack("library", files);
    }

    private List<URL> jar(String library) throws IOException {
        Path jar = Files.createTempFile(folder, "natives", ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            out.putNextEntry(new JarEntry("org/example/needed.so.1"));
            out.write("beside".getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new JarEntry("org/example/lib.so"));
            out.write(library.getBytes(StandardCharsets.UTF_8));
        }
        String inside = "jar:" + jar.toUri() + "!/org/example/";
        return List.of(new URL(inside + "needed.so.1"), new URL(inside + "lib.so"));
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
