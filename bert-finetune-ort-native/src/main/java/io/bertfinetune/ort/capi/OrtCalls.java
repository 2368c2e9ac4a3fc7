package io.bertfinetune.ort.capi;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.SymbolProvider;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The functions of ONNX Runtime that kernels call thousands of times in a step. Those of the library that was loaded first are
 * bound directly, which costs a seventh of a call. Pointers are numbers here, and so is the {@code OrtStatus} that each answers
 * with, 0 for success.
 */
final class OrtCalls {
    private static final AtomicBoolean BOUND = new AtomicBoolean();

    private final OrtApi api;
    private final boolean direct;

    private OrtCalls(OrtApi api, boolean direct) {
        this.api = api;
        this.direct = direct;
    }

    /** Those of a library. */
    static OrtCalls of(OrtApi api) {
        boolean first = BOUND.compareAndSet(false, true);
        if (first) {
            Direct.bind(api);
        }
        return new OrtCalls(api, first);
    }

    /** Whether they are bound directly. */
    boolean isDirect() {
        return direct;
    }

    long input(long context, long index, long value) {
        return direct ? Direct.input(context, index, value) : call(OrtFunction.KERNEL_GET_INPUT, context, index, value);
    }

    long output(long context, long index, long dims, long rank, long value) {
        return direct
                ? Direct.output(context, index, dims, rank, value)
                : call(OrtFunction.KERNEL_GET_OUTPUT, context, index, dims, rank, value);
    }

    long typeAndShape(long value, long type, long dims, long rank) {
        return direct
                ? Direct.typeAndShape(value, type, dims, rank)
                : call(OrtFunction.GET_TYPE_AND_SHAPE, value, type, dims, rank);
    }

    long data(long value, long address) {
        return direct ? Direct.data(value, address) : call(OrtFunction.GET_TENSOR_DATA, value, address);
    }

    long parallelFor(long context, long function, long parts, long batches, long job) {
        return direct
                ? Direct.parallelFor(context, function, parts, batches, job)
                : call(OrtFunction.KERNEL_PARALLEL_FOR, context, function, parts, batches, job);
    }

    private long call(OrtFunction function, Object... arguments) {
        return Pointer.nativeValue(api.answer(function, arguments));
    }

    private static final class Direct {
        private static final Map<String, OrtFunction> FUNCTIONS = Map.of(
                "input", OrtFunction.KERNEL_GET_INPUT,
                "output", OrtFunction.KERNEL_GET_OUTPUT,
                "typeAndShape", OrtFunction.GET_TYPE_AND_SHAPE,
                "data", OrtFunction.GET_TENSOR_DATA,
                "parallelFor", OrtFunction.KERNEL_PARALLEL_FOR);

        private Direct() {}

        /** They are found in the table, not by name in a library. */
        static void bind(OrtApi api) {
            SymbolProvider table =
                    (library, name, parent) -> api.address(Objects.requireNonNull(FUNCTIONS.get(name), name));
            Native.register(
                    Direct.class, NativeLibrary.getInstance(null, Map.of(Library.OPTION_SYMBOL_PROVIDER, table)));
        }

        static native long input(long context, long index, long value);

        static native long output(long context, long index, long dims, long rank, long value);

        static native long typeAndShape(long value, long type, long dims, long rank);

        static native long data(long value, long address);

        static native long parallelFor(long context, long function, long parts, long batches, long job);
    }
}
