package io.bertfinetune.ort.capi;

import java.util.Arrays;
import java.util.List;

/** The builds of ONNX Runtime whose native libraries can be used. A build is found on the class path by its core library. */
public enum NativeBuild {
    /** {@code com.microsoft.onnxruntime:onnxruntime}. */
    MICROSOFT("microsoft", "com.microsoft.onnxruntime:onnxruntime", false),
    /** {@code com.microsoft.onnxruntime:onnxruntime_gpu}, for CUDA 12. */
    MICROSOFT_GPU("microsoft-gpu", "com.microsoft.onnxruntime:onnxruntime_gpu", true),
    /** {@code org.bytedeco:onnxruntime} with the classifier of the platform: has training operators. */
    BYTEDECO("bytedeco", "org.bytedeco:onnxruntime, classifier linux-x86_64", false),
    /** {@code org.bytedeco:onnxruntime} with a classifier that ends in {@code -gpu}, for CUDA 13. */
    BYTEDECO_GPU("bytedeco-gpu", "org.bytedeco:onnxruntime, classifier linux-x86_64-gpu", true);

    private final String word;
    private final String artifact;
    private final boolean cuda;

    NativeBuild(String word, String artifact, boolean cuda) {
        this.word = word;
        this.artifact = artifact;
        this.cuda = cuda;
    }

    /**
     * The word for it in settings, {@code microsoft-gpu} for instance.
     *
     * @return the word
     */
    public String word() {
        return word;
    }

    /**
     * The artifact to depend on.
     *
     * @return its group and name, and the classifier if it needs one
     */
    public String artifact() {
        return artifact;
    }

    /**
     * Whether it has the provider for CUDA.
     *
     * @return true if it can use an NVIDIA GPU
     */
    public boolean cuda() {
        return cuda;
    }

    /**
     * The build with this word.
     *
     * @param word a {@link #word}
     * @return the build
     * @throws IllegalArgumentException if there is none
     */
    public static NativeBuild of(String word) {
        return Arrays.stream(values())
                .filter(build -> build.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("natives: " + word + ", expected one of "
                        + Arrays.stream(values()).map(NativeBuild::word).toList()));
    }

    /** The folder of its libraries among the resources. */
    String folder(Platform platform) {
        return switch (this) {
            case MICROSOFT, MICROSOFT_GPU -> "ai/onnxruntime/native/" + platform.microsoft() + "/";
            case BYTEDECO -> "org/bytedeco/onnxruntime/" + platform.bytedeco() + "/";
            case BYTEDECO_GPU -> "org/bytedeco/onnxruntime/" + platform.bytedeco() + "-gpu/";
        };
    }

    /** The file of its core library. */
    String core(Platform platform) {
        return switch (this) {
            case MICROSOFT, MICROSOFT_GPU -> platform.file("onnxruntime");
            case BYTEDECO, BYTEDECO_GPU -> platform.coreOfBytedeco();
        };
    }

    /** The files that must lie beside the core library, as far as the build has them. */
    List<String> beside(Platform platform) {
        String shared = platform.file("onnxruntime_providers_shared");
        return cuda ? List.of(shared, platform.cudaProvider()) : List.of(shared);
    }
}
