package io.bertfinetune.ort.capi;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import io.bertfinetune.error.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which build of ONNX Runtime is used, and its native library, loaded once for the process. A library is opened with its
 * symbols kept to itself, so several builds, and the official Java API with its own copy, live side by side.
 */
final class Natives {
    /** The system property that says which build to use, by {@link NativeBuild#word()}. */
    static final String PROPERTY = "io.bertfinetune.natives";

    private static final Map<NativeBuild, Natives> LOADED = new EnumMap<>(NativeBuild.class);

    private final NativeBuild build;
    /** Held, for JNA unloads a library that nobody refers to. */
    private final NativeLibrary library;

    private final NativeFiles files;
    private final OrtEnv env;

    private Natives(NativeBuild build, NativeLibrary library, NativeFiles files) {
        this.build = build;
        this.library = library;
        this.files = files;
        this.env = OrtEnv.of(OrtApi.of(library));
    }

    /** The build that {@link #PROPERTY} names. */
    static Optional<NativeBuild> chosen() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(NativeBuild::of);
    }

    /**
     * The build to use.
     *
     * @param cuda whether it must have the provider for CUDA
     * @throws EngineException if there is none, or several and nothing says which
     */
    static NativeBuild choose(boolean cuda) {
        return choose(cuda, chosen(), List.copyOf(NativeFiles.onClassPath().keySet()));
    }

    static NativeBuild choose(boolean cuda, Optional<NativeBuild> chosen, List<NativeBuild> available) {
        List<NativeBuild> fit =
                available.stream().filter(build -> build.cuda() || !cuda).toList();
        if (chosen.isPresent()) {
            NativeBuild build = chosen.get();
            if (cuda && !build.cuda()) {
                throw new EngineException(PROPERTY + "=" + build.word() + ": this build of ONNX Runtime has no CUDA");
            }
            if (!fit.contains(build)) {
                throw missing(build, available);
            }
            return build;
        }
        if (fit.isEmpty()) {
            throw missing(cuda ? NativeBuild.MICROSOFT_GPU : NativeBuild.MICROSOFT, available);
        }
        if (fit.size() > 1) {
            throw new EngineException("several builds of ONNX Runtime are on the class path: " + words(fit)
                    + "; keep one, or choose with -D" + PROPERTY + "="
                    + fit.get(0).word());
        }
        return fit.get(0);
    }

    private static EngineException missing(NativeBuild build, List<NativeBuild> available) {
        return new EngineException("ONNX Runtime's build " + build.word() + " is not on the class path; add "
                + build.artifact() + "; found " + words(available));
    }

    private static List<String> words(List<NativeBuild> builds) {
        return builds.stream().map(NativeBuild::word).toList();
    }

    /**
     * Loads a build, or gives back what is loaded.
     *
     * @throws EngineException if it is not on the class path, does not load here, or is too old
     */
    static synchronized Natives load(NativeBuild build) {
        Natives loaded = LOADED.get(build);
        if (loaded == null) {
            loaded = loadAnew(build);
            LOADED.put(build, loaded);
        }
        return loaded;
    }

    private static Natives loadAnew(NativeBuild build) {
        Map<NativeBuild, NativeFiles> found = NativeFiles.onClassPath();
        NativeFiles files = found.get(build);
        if (files == null) {
            throw missing(build, List.copyOf(found.keySet()));
        }
        try {
            Natives natives = new Natives(build, open(build, files), files);
            if (!build.cuda()) {
                natives.settle();
            }
            return natives;
        } catch (IOException e) {
            throw new EngineException(
                    "ONNX Runtime's native library cannot be copied to " + System.getProperty("java.io.tmpdir") + ": "
                            + e.getMessage(),
                    e);
        } catch (UnsatisfiedLinkError e) {
            throw new EngineException(
                    "ONNX Runtime's build " + build.word() + " does not load on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": " + e.getMessage(),
                    e);
        }
    }

    /** Those for CUDA, hundreds of megabytes, are not kept. */
    private static NativeLibrary open(NativeBuild build, NativeFiles files) throws IOException {
        return build.cuda() ? open(files.extract()) : openKept(files, UnpackedOnce.ofUser());
    }

    /** Loads the library from where it is kept, or from a copy. */
    static NativeLibrary openKept(NativeFiles files, UnpackedOnce kept) throws IOException {
        return UnpackedOnce.keptOrCopied("ONNX Runtime", () -> open(files.keep(kept)), () -> open(files.extract()));
    }

    private static NativeLibrary open(Path core) {
        return NativeLibrary.getInstance(core.toString(), options());
    }

    private static Map<String, Object> options() {
        OptionalInt flags = Platform.required().openFlags();
        return flags.isPresent() ? Map.of(Library.OPTION_OPEN_FLAGS, flags.getAsInt()) : Map.of();
    }

    NativeBuild build() {
        return build;
    }

    OrtEnv env() {
        return env;
    }

    /** Says that ONNX Runtime has opened all the files it needs: the copies are deleted where the system allows. */
    void settle() {
        files.delete();
    }

    @Override
    public String toString() {
        return build.word() + " from " + library.getName();
    }
}
