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
 * The libraries of one build among the resources, and copies of them in a folder that only this user can read. What is not
 * deleted before is deleted when the process ends.
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
     * Copies the libraries.
     *
     * @return the core library
     */
    synchronized Path extract() throws IOException {
        Path folder = Files.createTempDirectory(FOLDER);
        keep(folder);
        List<String> names = new ArrayList<>(build.beside(platform));
        names.add(build.core(platform));
        for (String name : names) {
            if (exists(core, name)) {
                Path copy = keep(folder.resolve(name));
                try (InputStream in = open(core, name)) {
                    Files.copy(in, copy);
                }
            }
        }
        return folder.resolve(build.core(platform));
    }

    private Path keep(Path path) {
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
