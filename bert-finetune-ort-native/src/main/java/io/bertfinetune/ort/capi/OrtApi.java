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

/** ONNX Runtime's C API of one loaded library, called through JNA. Handles are plain pointers; their makers free them. */
final class OrtApi {
    /** The version of the API asked for; every later library serves it. */
    static final int VERSION = 24;

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\..*");

    private final String version;
    private final Map<OrtFunction, Function> functions = new EnumMap<>(OrtFunction.class);

    private OrtApi(String version, Pointer table) {
        this.version = version;
        for (OrtFunction function : OrtFunction.values()) {
            Pointer code = table.getPointer((long) function.place() * com.sun.jna.Native.POINTER_SIZE);
            functions.put(function, Function.getFunction(code));
        }
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
        Pointer status = function(function).invokePointer(arguments);
        if (status != null) {
            String message = function(OrtFunction.GET_ERROR_MESSAGE)
                    .invokePointer(new Object[] {status})
                    .getString(0, "UTF-8");
            release(OrtFunction.RELEASE_STATUS, status);
            throw new OrtStatusException(message);
        }
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
