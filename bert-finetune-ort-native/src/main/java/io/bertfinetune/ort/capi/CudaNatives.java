package io.bertfinetune.ort.capi;

import java.util.List;
import java.util.Set;

/** The builds of ONNX Runtime for CUDA that are known, and what each needs of a machine with Linux on x64. */
public enum CudaNatives {
    /** Microsoft's own: plain operators. Needs CUDA 12. */
    MICROSOFT(
            "com.microsoft.onnxruntime:onnxruntime_gpu",
            "ai/onnxruntime/native/linux-x64/",
            "libonnxruntime.so",
            12,
            525,
            List.of(
                    "libcudart.so.12",
                    "libnvrtc.so.12",
                    "libcublasLt.so.12",
                    "libcublas.so.12",
                    "libcurand.so.10",
                    "libcufft.so.11",
                    "libcudnn.so.9"),
            Set.of(60, 70, 75, 80, 86, 90, 120),
            120),
    /** Bytedeco's: plain operators, and ONNX Runtime's kernels for training. Needs CUDA 13. */
    BYTEDECO(
            "org.bytedeco:onnxruntime, classifier linux-x86_64-gpu",
            "org/bytedeco/onnxruntime/linux-x86_64-gpu/",
            "libonnxruntime.so.1",
            13,
            580,
            List.of(
                    "libcudart.so.13",
                    "libnvrtc.so.13",
                    "libcublasLt.so.13",
                    "libcublas.so.13",
                    "libcufft.so.12",
                    "libcudnn.so.9"),
            Set.of(75, 80, 90, 100, 120),
            Integer.MAX_VALUE);

    /** The library that computes on the GPU; it has to lie beside the core. */
    static final String PROVIDER = "libonnxruntime_providers_cuda.so";

    /** The library that the core loads providers with; it has to lie beside the core as well. */
    static final String PROVIDERS = "libonnxruntime_providers_shared.so";

    private final String artifact;
    private final String folder;
    private final String core;
    private final int cudaMajor;
    private final int driver;
    private final List<String> libraries;
    private final Set<Integer> binaries;
    private final int firstPtx;

    CudaNatives(
            String artifact,
            String folder,
            String core,
            int cudaMajor,
            int driver,
            List<String> libraries,
            Set<Integer> binaries,
            int firstPtx) {
        this.artifact = artifact;
        this.folder = folder;
        this.core = core;
        this.cudaMajor = cudaMajor;
        this.driver = driver;
        this.libraries = libraries;
        this.binaries = binaries;
        this.firstPtx = firstPtx;
    }

    /** What is known of a build; only of those for CUDA. */
    static CudaNatives of(NativeBuild build) {
        return switch (build) {
            case MICROSOFT_GPU -> MICROSOFT;
            case BYTEDECO_GPU -> BYTEDECO;
            case MICROSOFT, BYTEDECO -> throw new IllegalArgumentException("build " + build.word() + " has no CUDA");
        };
    }

    /**
     * Where Maven finds it.
     *
     * @return group, artifact and classifier
     */
    public String artifact() {
        return artifact;
    }

    /**
     * The version of CUDA it was built for.
     *
     * @return the major version
     */
    public int cudaMajor() {
        return cudaMajor;
    }

    /**
     * The oldest NVIDIA driver for that version of CUDA.
     *
     * @return the first part of the driver's version
     */
    public int driver() {
        return driver;
    }

    /** Its folder in its jar. */
    String folder() {
        return folder;
    }

    /** The file name of the core library. */
    String core() {
        return core;
    }

    /**
     * The file names of the libraries of CUDA it uses, each after those it needs itself. Some are looked for at the first
     * run only, where their absence is told as something else.
     */
    List<String> libraries() {
        return libraries;
    }

    /** Whether training BERT does without this library: compilers and Fourier transforms are loaded if they are there. */
    boolean isOptional(String library) {
        return library.startsWith("libnvrtc") || (this == MICROSOFT && library.startsWith("libcufft"));
    }

    /**
     * Whether it has code for a GPU: for its generation and no later model of it, or code that the driver can translate.
     *
     * @param capability the compute capability, 90 for 9.0
     */
    boolean runsOn(int capability) {
        return capability >= firstPtx
                || binaries.stream().anyMatch(each -> each / 10 == capability / 10 && each <= capability);
    }

    /** The GPUs it has code for, as messages list them. */
    String capabilities() {
        String listed = String.join(
                ", ",
                binaries.stream()
                        .sorted()
                        .map(each -> each / 10 + "." + each % 10)
                        .toList());
        return firstPtx == Integer.MAX_VALUE ? listed : listed + " and later";
    }

    @Override
    public String toString() {
        return artifact + " (CUDA " + cudaMajor + ")";
    }
}
