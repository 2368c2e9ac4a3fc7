package io.bertfinetune.ort.capi;

import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The driver's own library, {@code libcuda.so.1}. */
final class NvidiaDriver implements CudaDriver {
    /** The name it is loaded by. */
    static final String LIBRARY = "libcuda.so.1";

    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int NAME_BYTES = 256;

    private final NativeLibrary library;

    private NvidiaDriver(NativeLibrary library) {
        this.library = library;
    }

    /** The driver of this machine; none if it has none. */
    static Optional<CudaDriver> ofThisMachine(LibraryLoader loader) {
        return loader.load(LIBRARY).isPresent()
                ? Optional.empty()
                : Optional.of(new NvidiaDriver(NativeLibrary.getInstance(LIBRARY)));
    }

    @Override
    public int initialize() {
        return call("cuInit", 0);
    }

    @Override
    public int cudaVersion() {
        IntByReference version = new IntByReference();
        return call("cuDriverGetVersion", version) == SUCCESS ? version.getValue() : 0;
    }

    @Override
    public List<CudaDevice> devices() {
        IntByReference count = new IntByReference();
        if (call("cuDeviceGetCount", count) != SUCCESS) {
            return List.of();
        }
        return IntStream.range(0, count.getValue()).mapToObj(this::device).toList();
    }

    private CudaDevice device(int index) {
        IntByReference handle = new IntByReference();
        call("cuDeviceGet", handle, index);
        byte[] name = new byte[NAME_BYTES];
        call("cuDeviceGetName", name, name.length, handle.getValue());
        LongByReference bytes = new LongByReference();
        call("cuDeviceTotalMem_v2", bytes, handle.getValue());
        int capability =
                10 * attribute(CAPABILITY_MAJOR, handle.getValue()) + attribute(CAPABILITY_MINOR, handle.getValue());
        return new CudaDevice(index, text(name), capability, bytes.getValue());
    }

    private int attribute(int attribute, int device) {
        IntByReference value = new IntByReference();
        call("cuDeviceGetAttribute", value, attribute, device);
        return value.getValue();
    }

    private int call(String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }

    private static String text(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
