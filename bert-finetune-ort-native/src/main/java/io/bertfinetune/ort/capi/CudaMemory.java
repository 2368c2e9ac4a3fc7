package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.ort.engine.HostMemory;
import io.bertfinetune.ort.onnx.ElementType;
import io.bertfinetune.ort.onnx.OnnxDimension;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import io.bertfinetune.ort.onnx.OnnxValueInfo;
import io.bertfinetune.ort.onnx.OnnxWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The memory of an NVIDIA GPU: taken from the arena of a session, and copied to and from by running that session. Its one
 * node is {@code Identity} over bytes; ONNX Runtime copies the input to where the node is and the output to where it is
 * wanted, and its C API has no other copy.
 */
final class CudaMemory implements AutoCloseable {
    /** Bytes copied at a time: what a run takes from the arena besides. */
    private static final long PART = 1 << 24;

    private static final int DEVICE_ALLOCATOR = 0;
    private static final int MEMORY_DEFAULT = 0;

    private final OrtApi api;
    private final String name;
    private final Session copy;
    private final Pointer hostInfo;
    private final Pointer info;
    private final Pointer allocator;

    private CudaMemory(OrtApi api, String name, Session copy, Pointer hostInfo, Pointer info, Pointer allocator) {
        this.api = api;
        this.name = name;
        this.copy = copy;
        this.hostInfo = hostInfo;
        this.info = info;
        this.allocator = allocator;
    }

    /** The memory of a device; opening it loads ONNX Runtime's provider for CUDA. */
    static CudaMemory open(OrtEnv env, CudaOptions options, Pointer hostInfo) throws OrtStatusException {
        OrtApi api = env.api();
        Session copy = Session.open(
                env,
                OnnxWriter.toBytes(identity()),
                Set.of("from"),
                Set.of("to"),
                new Session.Options(1, Optional.of(options), List.of()));
        Pointer info = null;
        boolean done = false;
        try {
            info = api.create(
                    OrtFunction.CREATE_MEMORY_INFO,
                    CStrings.of("Cuda"),
                    DEVICE_ALLOCATOR,
                    options.deviceId(),
                    MEMORY_DEFAULT);
            Pointer allocator = api.create(OrtFunction.CREATE_ALLOCATOR, copy.handle(), info);
            done = true;
            return new CudaMemory(api, "cuda:" + options.deviceId(), copy, hostInfo, info, allocator);
        } finally {
            if (!done) {
                if (info != null) {
                    api.release(OrtFunction.RELEASE_MEMORY_INFO, info);
                }
                copy.close();
            }
        }
    }

    private static OnnxModel identity() {
        List<OnnxDimension> bytes = List.of(OnnxDimension.named("bytes"));
        return new OnnxModel(
                new OnnxGraph(
                        "copy",
                        List.of(new OnnxNode("copy", "Identity", "", List.of("from"), List.of("to"), Map.of())),
                        List.of(new OnnxValueInfo("from", ElementType.UINT8, bytes)),
                        List.of(new OnnxValueInfo("to", ElementType.UINT8, bytes)),
                        List.of()),
                9,
                Map.of("", 18));
    }

    /** Its name in messages, {@code cuda:0}. */
    String name() {
        return name;
    }

    Pointer info() {
        return info;
    }

    Pointer allocate(long bytes) throws OrtStatusException {
        return api.create(OrtFunction.ALLOCATOR_ALLOC, allocator, bytes);
    }

    void free(Pointer start) {
        try {
            api.call(OrtFunction.ALLOCATOR_FREE, allocator, start);
        } catch (OrtStatusException e) {
            throw new IllegalStateException("freeing memory of " + name + " failed: " + e.getMessage(), e);
        }
    }

    /** Fills memory of the device with zeros. */
    void clear(long to, long bytes) throws OrtStatusException {
        long part = Math.min(PART, bytes);
        try (HostMemory zeros = HostMemory.allocate(part)) {
            for (long at = 0; at < bytes; at += part) {
                upload(zeros.address(), to + at, Math.min(part, bytes - at));
            }
        }
    }

    /** Copies bytes of the host to the device. */
    void upload(long from, long to, long bytes) throws OrtStatusException {
        copy(hostInfo, from, info, to, bytes);
    }

    /** Copies bytes of the device to the host. */
    void download(long from, long to, long bytes) throws OrtStatusException {
        copy(info, from, hostInfo, to, bytes);
    }

    private void copy(Pointer fromInfo, long from, Pointer toInfo, long to, long bytes) throws OrtStatusException {
        for (long at = 0; at < bytes; at += PART) {
            long part = Math.min(PART, bytes - at);
            try (OrtValue source = OrtValue.of(api, fromInfo, from + at, part, ElementType.UINT8, part);
                    OrtValue target = OrtValue.of(api, toInfo, to + at, part, ElementType.UINT8, part)) {
                copy.run(source.handle(), target.handle());
            }
        }
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_ALLOCATOR, allocator);
        copy.close();
        api.release(OrtFunction.RELEASE_MEMORY_INFO, info);
    }
}
