package io.bertfinetune.ort.capi;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.bertfinetune.error.EngineException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime's C API of one loaded library, called through JNA. Handles are plain pointers; their makers free them. */
final class OrtApi {
    /** The version of the API asked for; every later library serves it. */
    static final int VERSION = 24;

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\..*");

    private final String version;
    private final Map<OrtFunction, Function> functions = new EnumMap<>(OrtFunction.class);
    private final OrtCalls kernels;

    private OrtApi(String version, Pointer table) {
        this.version = version;
        for (OrtFunction function : OrtFunction.values()) {
            Pointer code = table.getPointer((long) function.place() * com.sun.jna.Native.POINTER_SIZE);
            functions.put(function, Function.getFunction(code));
        }
        this.kernels = OrtCalls.of(this);
    }

    /**
     * The API of a library.
     *
     * @throws EngineException if it is older than 1.24; nothing of it but its version was used
     */
    static OrtApi of(NativeLibrary library) {
        Pointer base = library.getFunction("OrtGetApiBase").invokePointer(new Object[0]);
        String version = Function.getFunction(base.getPointer(com.sun.jna.Native.POINTER_SIZE))
                .invokePointer(new Object[0])
                .getString(0);
        requireSupported(version);
        Pointer table = Function.getFunction(base.getPointer(0)).invokePointer(new Object[] {VERSION});
        if (table == null) {
            throw new EngineException(
                    "ONNX Runtime " + version + " does not serve version " + VERSION + " of its C API");
        }
        return new OrtApi(version, table);
    }

    /** Refuses a library that would answer with null instead of a table. */
    static void requireSupported(String version) {
        Matcher numbers = NUMBERS.matcher(version);
        if (!numbers.matches()
                || Integer.parseInt(numbers.group(1)) == 1 && Integer.parseInt(numbers.group(2)) < VERSION) {
            throw new EngineException("the native library is ONNX Runtime " + version + ", expected 1." + VERSION
                    + " or newer; is there an older onnxruntime on the class path?");
        }
    }

    /** The version of the library, {@code 1.28.0} for instance. */
    String version() {
        return version;
    }

    /** Calls a function that answers with a status. */
    void call(OrtFunction function, Object... arguments) throws OrtStatusException {
        require(Pointer.nativeValue(answer(function, arguments)));
    }

    /** Calls a function and hands over what it answers. */
    @Nullable
    Pointer answer(OrtFunction function, Object... arguments) {
        return function(function).invokePointer(arguments);
    }

    /** The functions that kernels call. */
    OrtCalls kernels() {
        return kernels;
    }

    /** Throws what a status says, unless it is 0, success. */
    void require(long status) throws OrtStatusException {
        if (status != 0) {
            Pointer failure = new Pointer(status);
            String message = function(OrtFunction.GET_ERROR_MESSAGE)
                    .invokePointer(new Object[] {failure})
                    .getString(0, "UTF-8");
            release(OrtFunction.RELEASE_STATUS, failure);
            throw new OrtStatusException(message);
        }
    }

    /** Where a function is. */
    long address(OrtFunction function) {
        return Pointer.nativeValue(function(function));
    }

    /** Calls a function that writes a handle through its last argument. */
    Pointer create(OrtFunction function, Object... arguments) throws OrtStatusException {
        PointerByReference made = new PointerByReference();
        Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = made;
        call(function, all);
        return made.getValue();
    }

    /** A status that says that something failed; whoever it is given to frees it. */
    Pointer failure(String message) {
        int fail = 1;
        return function(OrtFunction.CREATE_STATUS).invokePointer(new Object[] {fail, CStrings.of(message)});
    }

    /** Frees a handle. */
    void release(OrtFunction function, Pointer handle) {
        function(function).invokeVoid(new Object[] {handle});
    }

    private Function function(OrtFunction function) {
        return Objects.requireNonNull(functions.get(function), function.cName());
    }
}
