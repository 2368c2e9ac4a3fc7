package io.bertfinetune.ort.capi;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The libraries of CUDA, found and loaded one after the other, each by itself. ONNX Runtime loads them all at once and
 * says only that it failed; here the one that is missing has a name. What is loaded here is found by what ONNX Runtime
 * loads later, wherever it lies.
 *
 * @param loader loads a library
 * @param folders where else to look than the system does
 */
record CudaLibraries(LibraryLoader loader, List<Path> folders) {
    /** More folders to look in, with the system's separator between them. */
    static final String PROPERTY = "io.bertfinetune.cuda.path";

    private static final List<Integer> KNOWN_CUDA = List.of(11, 12, 13, 14);

    /**
     * What came of one library.
     *
     * @param library its file name
     * @param path what it was loaded by: its file name, or where it lies; empty if it was not
     * @param error why it was not loaded; empty if it was
     */
    record Found(String library, String path, String error) {
        boolean isLoaded() {
            return error.isEmpty();
        }

        @Override
        public String toString() {
            return library
                    + (isLoaded() ? path.equals(library) ? ", where the system looks" : ": " + path : " is missing");
        }
    }

    /** Those of this machine. */
    static CudaLibraries ofThisMachine() {
        return new CudaLibraries(LibraryLoader.ofTheSystem(), usualFolders());
    }

    /** Loads one. */
    Found load(String library) {
        Optional<String> error = loader.load(library);
        if (error.isEmpty()) {
            return new Found(library, library, "");
        }
        for (Path folder : folders) {
            Path file = folder.resolve(library);
            if (Files.exists(file)) {
                error = loader.load(file.toString());
                if (error.isEmpty()) {
                    return new Found(library, file.toString(), "");
                }
            }
        }
        return new Found(library, "", error.orElseThrow());
    }

    /** The versions of CUDA that are here, whichever is wanted, for a message. */
    List<Integer> installed() {
        return KNOWN_CUDA.stream()
                .filter(major -> load(runtime(major)).isLoaded())
                .toList();
    }

    /** The version of CUDA that a loaded cuDNN was built for; none if it does not say. */
    Optional<Integer> cudaOf(Found cudnn) {
        OptionalLong version = loader.ask(cudnn.path(), "cudnnGetCudartVersion");
        return version.isPresent() ? Optional.of((int) (version.getAsLong() / 1000)) : Optional.empty();
    }

    private static String runtime(int major) {
        return "libcudart.so." + (major == 11 ? "11.0" : major);
    }

    private static List<Path> usualFolders() {
        List<Path> folders = new ArrayList<>();
        Stream.of(System.getProperty(PROPERTY, "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .forEach(folder -> folders.add(Path.of(folder)));
        Stream.of("CUDA_HOME", "CUDA_PATH")
                .flatMap(name -> Optional.ofNullable(System.getenv(name)).stream())
                .forEach(home -> folders.add(Path.of(home).resolve("lib64")));
        folders.addAll(toolkits(Path.of("/usr/local")));
        folders.add(Path.of("/usr/lib/x86_64-linux-gnu"));
        folders.add(Path.of("/usr/lib64"));
        return List.copyOf(folders);
    }

    /** The library folders of {@code cuda}, {@code cuda-12.4} and so on; none where the parent cannot be listed. */
    static List<Path> toolkits(Path parent) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(child -> child.getFileName().toString().matches("cuda(-[0-9.]+)?"))
                    .sorted()
                    .map(child -> child.resolve("lib64"))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
