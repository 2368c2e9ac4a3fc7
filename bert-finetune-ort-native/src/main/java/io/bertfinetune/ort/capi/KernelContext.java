package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /** Where functions write their answers, one after the other: kernels are called hundreds of times in a step. */
    private static final ThreadLocal<Memory> ANSWERS =
            ThreadLocal.withInitial(() -> new Memory(3L * Native.POINTER_SIZE));

    Operand input(long index) throws OrtStatusException {
        return optionalInput(index).orElseThrow(() -> new OrtStatusException("input " + index + " is missing"));
    }

    /** An input that may be left out. */
    Optional<Operand> optionalInput(long index) throws OrtStatusException {
        Memory answers = ANSWERS.get();
        long at = Pointer.nativeValue(answers);
        api.call(OrtFunction.KERNEL_GET_INPUT, handle, index, answers);
        @Nullable Pointer value = answers.getPointer(0);
        if (value == null) {
            return Optional.empty();
        }
        Pointer dims = new Pointer(at + Native.POINTER_SIZE);
        Pointer rank = new Pointer(at + 2L * Native.POINTER_SIZE);
        api.call(OrtFunction.GET_TYPE_AND_SHAPE, value, answers, dims, rank);
        int axes = Math.toIntExact(rank.getLong(0));
        long[] shape = axes == 0 ? new long[0] : dims.getPointer(0).getLongArray(0, axes);
        return Optional.of(new Operand(address(value, answers), shape));
    }

    /** Memory for the output. */
    Operand output(long... dims) throws OrtStatusException {
        Memory answers = ANSWERS.get();
        api.call(OrtFunction.KERNEL_GET_OUTPUT, handle, 0L, dims, (long) dims.length, answers);
        return new Operand(address(answers.getPointer(0), answers), dims);
    }

    private long address(Pointer value, Memory answers) throws OrtStatusException {
        api.call(OrtFunction.GET_TENSOR_DATA, value, answers);
        return answers.getLong(0);
    }
}
