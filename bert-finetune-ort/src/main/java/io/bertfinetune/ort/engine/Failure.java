package io.bertfinetune.ort.engine;

import io.bertfinetune.error.AllocationException;
import io.bertfinetune.error.EngineException;
import java.util.List;
import java.util.Locale;

/** What ONNX Runtime says when something fails. It has no code for want of memory, only words. */
public final class Failure {
    /** Of its arena, of the C++ library on Linux and macOS, of that on Windows, and of CUDA. */
    private static final List<String> WANT_OF_MEMORY =
            List.of("failed to allocate memory", "bad_alloc", "bad allocation", "out of memory");

    private Failure() {}

    /**
     * The exception for what ONNX Runtime said.
     *
     * @param what what failed, {@code program x failed}
     * @param cause what ONNX Runtime threw
     * @return an {@link AllocationException} if there was no memory, else an {@link EngineException}
     */
    public static EngineException of(String what, Exception cause) {
        String said = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return WANT_OF_MEMORY.stream().anyMatch(said::contains)
                ? new AllocationException(what + " for want of memory: " + cause.getMessage(), cause)
                : new EngineException(what + ": " + cause.getMessage(), cause);
    }
}
