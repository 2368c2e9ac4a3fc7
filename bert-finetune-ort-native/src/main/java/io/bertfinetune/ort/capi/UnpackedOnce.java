package io.bertfinetune.ort.capi;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a jar as files of the disk, unpacked once for all programs of a user. One is used if it has the size and the checksum
 * (CRC 32) that the jar says, so that what was cut off or changed is written anew; it is written beside and moved to its place.
 */
final class UnpackedOnce {
    /** Where files are kept, if not in {@code ~/.cache/bert-finetune}. */
    static final String PROPERTY = "io.bertfinetune.cache";

    private static final String BEING_WRITTEN = ".part";
    private static final Duration LONGEST_WRITING = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger("io.bertfinetune");

    private final Path folder;

    /** Files that are kept in a folder, which need not be there yet. */
    UnpackedOnce(Path folder) {
        this.folder = folder;
    }

    /** Those of the user, where {@value #PROPERTY} says or where caches are by XDG's Base Directory Specification. */
    static UnpackedOnce ofUser() {
        @Nullable String chosen = System.getProperty(PROPERTY);
        if (chosen != null) {
            return new UnpackedOnce(Path.of(chosen));
        }
        @Nullable String caches = System.getenv("XDG_CACHE_HOME");
        Path home = caches == null || caches.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(caches);
        return new UnpackedOnce(home.resolve("bert-finetune"));
    }

    /** A way to load a library. */
    @FunctionalInterface
    interface Loading {
        NativeLibrary load() throws IOException;
    }

    /** Loads a library from where it was unpacked once; where it cannot be kept, from a copy of this process' own. */
    static NativeLibrary keptOrCopied(String name, Loading kept, Loading copied) throws IOException {
        try {
            return kept.load();
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.debug("{} is copied for this process alone, for it cannot be kept: {}", name, e.toString());
            return copied.load();
        }
    }

    private record Content(String name, long size, long checksum, URL source) {}

    /**
     * The folder in which these files lie side by side, each under its own name.
     *
     * @param name what they are together
     * @param files in a jar
     * @throws IOException if one is not in a jar, or cannot be written
     */
    Path unpack(String name, List<URL> files) throws IOException {
        List<Content> contents = new ArrayList<>();
        for (URL file : files) {
            contents.add(content(file));
        }
        long together = contents.stream().mapToLong(Content::checksum).reduce(0, (sum, next) -> 31 * sum + next);
        Path own = folder.resolve(name + "-" + Long.toHexString(together));
        Files.createDirectories(own);
        for (Content content : contents) {
            if (!isThere(content, own.resolve(content.name()))) {
                deleteAbandoned(own);
                write(content, own);
            }
        }
        return own;
    }

    /** A program that was killed while it wrote a file leaves it behind. */
    private static void deleteAbandoned(Path folder) throws IOException {
        FileTime latest = FileTime.from(Instant.now().minus(LONGEST_WRITING));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + BEING_WRITTEN)) {
            for (Path file : files) {
                if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(latest) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("another program has just written {}", e.getFile());
        }
    }

    private static Content content(URL file) throws IOException {
        if (!(file.openConnection() instanceof JarURLConnection connection)) {
            throw new IOException(file + " is not in a jar");
        }
        connection.setUseCaches(false);
        try (var jar = connection.getJarFile()) {
            JarEntry entry = jar.getJarEntry(connection.getEntryName());
            if (entry == null || entry.getSize() < 0 || entry.getCrc() < 0) {
                throw new IOException(file + " has no size and checksum");
            }
            String path = entry.getName();
            return new Content(path.substring(path.lastIndexOf('/') + 1), entry.getSize(), entry.getCrc(), file);
        }
    }

    private static boolean isThere(Content content, Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != content.size()) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, content.size());
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            return checksum.getValue() == content.checksum();
        }
    }

    private static void write(Content content, Path folder) throws IOException {
        Path beside = Files.createTempFile(folder, content.name(), BEING_WRITTEN);
        try {
            var connection = content.source().openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                Files.copy(in, beside, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(
                    beside,
                    folder.resolve(content.name()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
