package io.bertfinetune.ort.capi;

import io.bertfinetune.error.EngineException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The libraries of one build among the resources, and copies of them: kept for all programs of the user, or of this process, in
 * a folder that only this user can read. What is not deleted of the latter before is deleted when the process ends.
 */
final class NativeFiles {
    private static final String FOLDER = "bert-finetune-onnxruntime-";

    private final NativeBuild build;
    private final Platform platform;
    private final URL core;
    private final List<Path> copies = new ArrayList<>();

    private NativeFiles(NativeBuild build, Platform platform, URL core) {
        this.build = build;
        this.platform = platform;
        this.core = core;
    }

    /** The libraries of every build on the class path. */
    static Map<NativeBuild, NativeFiles> onClassPath() {
        return Platform.here().map(NativeFiles::of).orElse(Map.of());
    }

    private static Map<NativeBuild, NativeFiles> of(Platform platform) {
        Map<NativeBuild, NativeFiles> found = new EnumMap<>(NativeBuild.class);
        for (NativeBuild build : NativeBuild.values()) {
            for (URL core : resources(build.folder(platform) + build.core(platform))) {
                // Microsoft's two builds have the same folder.
                if (exists(core, platform.cudaProvider()) == build.cuda()) {
                    found.putIfAbsent(build, new NativeFiles(build, platform, core));
                }
            }
        }
        return found;
    }

    private static Set<URL> resources(String name) {
        ClassLoader own = NativeFiles.class.getClassLoader();
        Set<URL> found = new LinkedHashSet<>(resources(own, name));
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        if (ofThread != null && ofThread != own) {
            found.addAll(resources(ofThread, name));
        }
        return found;
    }

    /** Where a class path has this resource. */
    static List<URL> resources(ClassLoader loader, String name) {
        try {
            return Collections.list(loader.getResources(name));
        } catch (IOException e) {
            throw new EngineException("the class path cannot be searched for " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Unpacks the libraries for all programs of a user, if they are not there yet.
     *
     * @return the core library
     * @throws IOException if they cannot be kept
     */
    Path keep(UnpackedOnce kept) throws IOException {
        List<URL> files = new ArrayList<>();
        for (String name : names()) {
            files.add(new URL(core, name));
        }
        return kept.unpack("onnxruntime-" + build.word(), files).resolve(build.core(platform));
    }

    /**
     * Copies the libraries for this process alone.
     *
     * @return the core library
     */
    synchronized Path extract() throws IOException {
        Path folder = Files.createTempDirectory(FOLDER);
        deletedLater(folder);
        for (String name : names()) {
            Path copy = deletedLater(folder.resolve(name));
            try (InputStream in = open(core, name)) {
                Files.copy(in, copy);
            }
        }
        return folder.resolve(build.core(platform));
    }

    /** Those that the build has. */
    private List<String> names() {
        List<String> names = new ArrayList<>(build.beside(platform));
        names.removeIf(name -> !exists(core, name));
        names.add(build.core(platform));
        return names;
    }

    private Path deletedLater(Path path) {
        copies.add(path);
        path.toFile().deleteOnExit();
        return path;
    }

    /** Deletes the copies. Windows refuses while they are loaded; they go when the process ends. */
    synchronized void delete() {
        for (int i = copies.size() - 1; i >= 0; i--) {
            try {
                Files.deleteIfExists(copies.get(i));
            } catch (IOException e) {
                return;
            }
        }
        copies.clear();
    }

    private static boolean exists(URL core, String name) {
        try (InputStream in = open(core, name)) {
            return true;
        } catch (FileNotFoundException e) {
            return false;
        } catch (IOException e) {
            throw new EngineException("the class path cannot be read, beside " + core + ": " + e.getMessage(), e);
        }
    }

    /** A file beside the core library. */
    private static InputStream open(URL core, String name) throws IOException {
        URLConnection connection = new URL(core, name).openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }
}
