package io.bertfinetune.examples;

import io.bertfinetune.ort.capi.CudaCheck;

/**
 * Says whether an NVIDIA GPU can be used here, and if not, what is missing: the build of ONNX Runtime on the class path,
 * the driver, each library of CUDA, the GPUs. Needs none of them to say so.
 *
 * <p>{@code java -jar bert-finetune-examples.jar CudaDoctor}, or with the class path of an application:
 * {@code java -cp … io.bertfinetune.examples.CudaDoctor}.
 */
public final class CudaDoctor {
    private CudaDoctor() {}

    /**
     * Prints what was found.
     *
     * @param args not read
     */
    public static void main(String... args) {
        System.out.println(report());
    }

    /** What was found, line by line; the last line is the verdict. */
    static String report() {
        try {
            // #region check
            String found = CudaCheck.run().toString();
            // #endregion check
            return found;
        } catch (NoClassDefFoundError e) {
            return "problem:   bert-finetune-ort-native is not on the class path; add the dependency"
                    + " io.bertfinetune:bert-finetune-ort-native." + System.lineSeparator() + "CUDA cannot be used.";
        }
    }
}
