package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Optional;

/** What a kernel is given when it runs: {@code OrtKernelContext}. */
record KernelContext(OrtApi api, Pointer handle) {
    /**
     * A tensor where it lies.
     *
     * @param address where it begins
     * @param dims its dimensions
     */
    record Operand(long address, long[] dims) {
        /** How many elements it has. */
        long count() {
            long count = 1;
            for (long dim : dims) {
                count *= dim;
            }
            return count;
        }
    }

    /** Dimensions of an output at most. */
    private static final int AXES = 8;

    private static final long WORD = Native.POINTER_SIZE;

    /** Where functions write their answers, one after the other, and read dimensions: kernels run hundreds of times in a step. */
    private static final ThreadLocal<Memory> ANSWERS = ThreadLocal.withInitial(() -> new Memory((3 + AXES) * WORD));

    Operand input(long index) throws OrtStatusException {
        return optionalInput(index).orElseThrow(() -> new OrtStatusException("input " + index + " is missing"));
    }

    /** An input that may be left out. */
    Optional<Operand> optionalInput(long index) throws OrtStatusException {
        Memory answers = ANSWERS.get();
        long at = Pointer.nativeValue(answers);
        api.require(api.kernels().input(Pointer.nativeValue(handle), index, at));
        long value = answers.getLong(0);
        if (value == 0) {
            return Optional.empty();
        }
        api.require(api.kernels().typeAndShape(value, at, at + WORD, at + 2 * WORD));
        int axes = Math.toIntExact(answers.getLong(2 * WORD));
        long[] dims = axes == 0 ? new long[0] : answers.getPointer(WORD).getLongArray(0, axes);
        return Optional.of(new Operand(address(value, answers), dims));
    }

    /** Memory for the output, the first one if there are several. */
    Operand output(long... dims) throws OrtStatusException {
        return outputAt(0, dims);
    }

    /** Memory for an output. */
    Operand outputAt(long index, long... dims) throws OrtStatusException {
        Memory answers = ANSWERS.get();
        long at = Pointer.nativeValue(answers);
        answers.write(3 * WORD, dims, 0, dims.length);
        api.require(api.kernels().output(Pointer.nativeValue(handle), index, at + 3 * WORD, dims.length, at));
        return new Operand(address(answers.getLong(0), answers), dims);
    }

    private long address(long value, Memory answers) throws OrtStatusException {
        api.require(api.kernels().data(value, Pointer.nativeValue(answers)));
        return answers.getLong(0);
    }
}
