package io.bertfinetune.ort.capi;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.bertfinetune.error.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's C API of the library in {@value #ARTIFACT}, called through JNA. The library is loaded once, when it is first asked
 * for, and belongs to the process. Handles are plain pointers; their makers free them.
 */
final class OneDnn {
    /** What to depend on. */
    static final String ARTIFACT = "org.bytedeco:dnnl:3.11-1.5.13, classifier linux-x86_64";

    /** The element types that are used, {@code dnnl_data_type_t}. */
    static final int BFLOAT16 = 2;

    static final int FLOAT = 3;

    /** A dimension or a stride that is told with the memory, not with the primitive. */
    static final long RUNTIME = Long.MIN_VALUE;

    private static final String WITHOUT = "; without it on the class path, models are trained in FLOAT32 as well";
    private static final String FOLDER = "org/bytedeco/dnnl/linux-x86_64/";
    private static final String CORE = "libdnnl.so.3";

    /** What it needs beside it first. */
    private static final List<String> FILES = List.of("libgomp.so.1", CORE);

    private static final int LAZY = 1;
    private static final int AVX512_CORE_BF16 = 0xe7;

    private static volatile @Nullable OneDnn loaded;
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private final Map<OneDnnFunction, Function> functions = new EnumMap<>(OneDnnFunction.class);

    private OneDnn(NativeLibrary library) {
        for (OneDnnFunction function : OneDnnFunction.values()) {
            functions.put(function, library.getFunction(function.cName()));
        }
        OneDnnCalls.bind(library);
    }

    /** What is missing for products of bfloat16 on this processor, in a sentence; empty if nothing is. */
    static Optional<String> missing() {
        if (!isPlatform()) {
            return Optional.of("bfloat16 on the processor needs Linux on x86-64, this is "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch") + "; train in FLOAT32");
        }
        if (!isOnClassPath()) {
            return Optional.of(
                    "bfloat16 on the processor is multiplied by oneDNN, which is not on the class path; add the"
                            + " dependency " + ARTIFACT + ", or train in FLOAT32");
        }
        try {
            return load().hasBfloat16()
                    ? Optional.empty()
                    : Optional.of("this processor has no instructions for products of bfloat16, avx512_bf16 or AMX;"
                            + " train in FLOAT32");
        } catch (EngineException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whether the library is on the class path and for this platform. Loads nothing. */
    static boolean isInstalled() {
        return isPlatform() && isOnClassPath();
    }

    private static boolean isPlatform() {
        return Platform.here().filter(new Platform("linux", "x64")::equals).isPresent();
    }

    private static boolean isOnClassPath() {
        return onClassPath().isPresent();
    }

    private static Optional<URL> onClassPath() {
        URL own = OneDnn.class.getClassLoader().getResource(FOLDER + CORE);
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        return own != null || ofThread == null
                ? Optional.ofNullable(own)
                : Optional.ofNullable(ofThread.getResource(FOLDER + CORE));
    }

    /**
     * The library.
     *
     * @throws EngineException if it is not on the class path or does not load here
     */
    static synchronized OneDnn load() {
        OneDnn here = loaded;
        if (here == null) {
            URL core = onClassPath()
                    .orElseThrow(() -> new EngineException("oneDNN is not on the class path; add " + ARTIFACT));
            try {
                here = new OneDnn(open(core));
                loaded = here;
            } catch (IOException e) {
                throw new EngineException(
                        "oneDNN's native library cannot be copied to " + System.getProperty("java.io.tmpdir") + ": "
                                + e.getMessage() + WITHOUT,
                        e);
            } catch (UnsatisfiedLinkError e) {
                throw new EngineException("oneDNN's native library does not load: " + e.getMessage() + WITHOUT, e);
            }
        }
        return here;
    }

    /**
     * Begins to load the library on a thread of its own, once; where it has to be unpacked that takes a third of a second. Who
     * needs it waits in {@link #load}, and is told there what failed.
     */
    static void begin() {
        if (loaded == null && BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(OneDnn::missing, "bert-finetune-onednn");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static NativeLibrary open(URL core) throws IOException {
        List<URL> files = new ArrayList<>();
        for (String file : FILES) {
            files.add(new URL(core, file));
        }
        return UnpackedOnce.keptOrCopied(
                "oneDNN", () -> open(UnpackedOnce.ofUser().unpack("onednn", files)), () -> openCopy(core));
    }

    private static NativeLibrary open(Path folder) {
        return NativeLibrary.getInstance(folder.resolve(CORE).toString(), Map.of(Library.OPTION_OPEN_FLAGS, LAZY));
    }

    /** The copies are deleted once they are loaded, which Linux allows; at the end of the Java machine, if that comes first. */
    private static NativeLibrary openCopy(URL core) throws IOException {
        Path folder = Files.createTempDirectory("bert-finetune-onednn-");
        folder.toFile().deleteOnExit();
        FILES.forEach(file -> folder.resolve(file).toFile().deleteOnExit());
        try {
            for (String file : FILES) {
                copy(new URL(core, file), folder.resolve(file));
            }
            return open(folder);
        } finally {
            for (String file : FILES) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.deleteIfExists(folder);
        }
    }

    private static void copy(URL from, Path to) throws IOException {
        URLConnection connection = from.openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            Files.copy(in, to);
        }
    }

    /** Whether the processor, as far as oneDNN may use it, multiplies bfloat16. */
    boolean hasBfloat16() {
        return (number(OneDnnFunction.DNNL_GET_EFFECTIVE_CPU_ISA) & AVX512_CORE_BF16) == AVX512_CORE_BF16;
    }

    /** Its version, {@code 3.11.0} for instance. */
    String version() {
        Pointer version = function(OneDnnFunction.DNNL_VERSION).invokePointer(new Object[0]);
        return version.getInt(0) + "." + version.getInt(4) + "." + version.getInt(8);
    }

    /** Calls a function that answers with a status. */
    void call(OneDnnFunction function, @Nullable Object... arguments) throws OneDnnException {
        require(function, function(function).invokeInt(arguments));
    }

    /** Says where a memory lies. */
    void place(Pointer memory, long address) throws OneDnnException {
        require(
                OneDnnFunction.DNNL_MEMORY_SET_DATA_HANDLE,
                OneDnnCalls.dnnl_memory_set_data_handle(Pointer.nativeValue(memory), address));
    }

    /** Computes. */
    void execute(Pointer primitive, Pointer stream, int count, Pointer arguments) throws OneDnnException {
        require(
                OneDnnFunction.DNNL_PRIMITIVE_EXECUTE,
                OneDnnCalls.dnnl_primitive_execute(
                        Pointer.nativeValue(primitive),
                        Pointer.nativeValue(stream),
                        count,
                        Pointer.nativeValue(arguments)));
    }

    private static void require(OneDnnFunction function, int status) throws OneDnnException {
        if (status != 0) {
            throw new OneDnnException(function, status);
        }
    }

    /** Calls a function that writes a handle through its first argument. */
    Pointer create(OneDnnFunction function, @Nullable Object... arguments) throws OneDnnException {
        PointerByReference made = new PointerByReference();
        @Nullable Object[] all = new Object[arguments.length + 1];
        all[0] = made;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        call(function, all);
        return made.getValue();
    }

    /** Calls a function that answers with a number. */
    int number(OneDnnFunction function, Object... arguments) {
        return function(function).invokeInt(arguments);
    }

    /** Calls a function that answers with a handle that is another's. */
    @Nullable
    Pointer pointer(OneDnnFunction function, Object... arguments) {
        return function(function).invokePointer(arguments);
    }

    /** Calls a function that answers with a size. */
    long size(OneDnnFunction function, Object... arguments) {
        return function(function).invokeLong(arguments);
    }

    /** Frees a handle; what the function answers does not matter. */
    void release(OneDnnFunction function, Pointer handle) {
        function(function).invokeInt(new Object[] {handle});
    }

    private Function function(OneDnnFunction function) {
        return Objects.requireNonNull(functions.get(function), function.cName());
    }

    /** A message of its own for each element of a status that is not success. */
    static final class OneDnnException extends Exception {
        private static final long serialVersionUID = 1;
        private static final List<String> STATUSES = Arrays.asList(
                "success",
                "out of memory",
                "invalid arguments",
                "unimplemented",
                "last implementation reached",
                "runtime error",
                "not required",
                "invalid graph",
                "invalid graph operator",
                "invalid shape",
                "invalid data type");

        OneDnnException(OneDnnFunction function, int status) {
            super("oneDNN's " + function.cName() + ": "
                    + (status > 0 && status < STATUSES.size() ? STATUSES.get(status) : "status " + status));
        }
    }
}
