package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
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

    Operand input(long index) throws OrtStatusException {
        return optionalInput(index).orElseThrow(() -> new OrtStatusException("input " + index + " is missing"));
    }

    /** An input that may be left out. */
    Optional<Operand> optionalInput(long index) throws OrtStatusException {
        @Nullable Pointer value = api.create(OrtFunction.KERNEL_GET_INPUT, handle, index);
        if (value == null) {
            return Optional.empty();
        }
        PointerByReference dims = new PointerByReference();
        LongByReference rank = new LongByReference();
        api.call(OrtFunction.GET_TYPE_AND_SHAPE, value, new IntByReference(), dims, rank);
        long[] shape =
                rank.getValue() == 0 ? new long[0] : dims.getValue().getLongArray(0, Math.toIntExact(rank.getValue()));
        return Optional.of(new Operand(address(value), shape));
    }

    /** Memory for the output. */
    Operand output(long... dims) throws OrtStatusException {
        return new Operand(
                address(api.create(OrtFunction.KERNEL_GET_OUTPUT, handle, 0L, dims, (long) dims.length)), dims);
    }

    private long address(Pointer value) throws OrtStatusException {
        return Pointer.nativeValue(api.create(OrtFunction.GET_TENSOR_DATA, value));
    }
}
