package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a user reads when something is missing for CUDA, cause by cause. Here each cause is real but for the libraries of
 * CUDA, which are the stand-in's: the class path, the loader of libraries and ONNX Runtime's builds are the ones a user has.
 *
 * <p>Causes that no machine without a GPU has are findings put together in {@link CudaCheckTest}: a driver that does not
 * start, GPUs without code or precision. A node without a kernel is a model by hand in {@link CudaKernelsTest}. The build
 * for the processor alone is what {@link CApiProviderTest} itself runs on.
 */
@Tag("long")
class CudaErrorTableTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void theBuildForTheProcessorBesideTheOneForCudaIsNoError(CudaNatives natives) {
        // Microsoft's two builds have a file of the same name, which are told apart by their jars.
        String both = StandIn.of(natives).jar() + File.pathSeparator + processorJar();

        assertThat(StandIn.of(natives)
                        .with(Path.of(both))
                        .run(FreshBatch.class, Map.of())
                        .output())
                .contains("there: 9.0");
    }

    @ParameterizedTest
    @EnumSource
    void aProviderThatIsNotBesideTheCore(CudaNatives natives) throws IOException {
        Path torn = folder.resolve("torn.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(torn))) {
            zip.putNextEntry(new ZipEntry(natives.folder() + CudaNatives.PROVIDER));
        }

        assertProblem(
                StandIn.of(natives).with(torn),
                CudaNatives.PROVIDER + " has no " + natives.core() + " and " + CudaNatives.PROVIDERS + " beside it in "
                        + natives.folder() + " of the class path; take the whole jar of " + natives.artifact());
    }

    @ParameterizedTest
    @EnumSource
    void oneLibraryOfCudaIsMissing(CudaNatives natives) throws IOException {
        String library = "libcublasLt.so." + natives.cudaMajor();

        assertProblem(
                StandIn.of(natives).without(library, folder),
                "CUDA " + natives.cudaMajor() + " is needed by " + natives.artifact() + ", found CUDA",
                "(" + library + ": cannot open shared object file");
    }

    @Test
    void cudaIsOfTheOtherMajorVersion() {
        StandIn twelve = StandIn.of(CudaNatives.MICROSOFT);

        assertProblem(
                StandIn.of(CudaNatives.BYTEDECO).on(twelve),
                "CUDA 13 is needed by org.bytedeco:onnxruntime",
                "found CUDA 12",
                "or use com.microsoft.onnxruntime:onnxruntime_gpu (CUDA 12)");
    }

    @ParameterizedTest
    @EnumSource
    void cudnnIsMissing(CudaNatives natives) throws IOException {
        assertProblem(
                StandIn.of(natives).without("libcudnn.so.9", folder),
                "cuDNN 9 for CUDA " + natives.cudaMajor() + " is needed by " + natives.artifact()
                        + " (libcudnn.so.9: cannot open shared object file");
    }

    @ParameterizedTest
    @EnumSource
    void thereIsNoDriver(CudaNatives natives) throws IOException {
        assertProblem(
                StandIn.of(natives).without("libcuda.so.1", folder),
                "No NVIDIA driver is installed (libcuda.so.1 does not load); install driver " + natives.driver()
                        + " or newer");
    }

    @ParameterizedTest
    @EnumSource
    void theDriverIsTooOld(CudaNatives natives) {
        assertThat(StandIn.of(natives)
                        .run(Doctor.class, Map.of("STAND_IN_DRIVER", "11080"))
                        .output())
                .contains("The NVIDIA driver serves CUDA up to 11.8, and " + natives.artifact() + " needs CUDA "
                        + natives.cudaMajor() + "; install driver " + natives.driver() + " or newer");
    }

    @ParameterizedTest
    @EnumSource
    void thereIsADriverAndNoDevice(CudaNatives natives) {
        assertThat(StandIn.of(natives)
                        .run(Doctor.class, Map.of("STAND_IN_STATUS", "100", "CUDA_VISIBLE_DEVICES", "7"))
                        .output())
                .contains("The NVIDIA driver shows no GPU (CUDA_VISIBLE_DEVICES=7)");
    }

    @ParameterizedTest
    @EnumSource
    void aNodeFallsBackToTheProcessor(CudaNatives natives) {
        assertThat(StandIn.of(natives).run(Astray.class, Map.of()).output())
                .contains("program loss: 1 nodes would run on the processor, expected all on CUDA: [Mean (the mean)]");
    }

    /** Not an error, and seen the same way: the precision of a training is an option of its sessions alone. */
    @ParameterizedTest
    @EnumSource
    void tensorFloat32ReachesTheSessionThatAsksForItAlone(CudaNatives natives) {
        StandIn.Result result = StandIn.of(natives).run(ShortProducts.class, Map.of());

        assertThat(result.number("TENSOR_FLOAT32")).as(result.output()).isPositive();
        assertThat(result.number("FLOAT32")).isZero();
    }

    private static void assertProblem(StandIn standIn, String... parts) {
        assertThat(standIn.run(Doctor.class, Map.of()).output())
                .contains(parts)
                .contains("problem: ", "CUDA cannot be used.");
    }

    private static Path processorJar() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.matches(".*[/\\\\]onnxruntime-[0-9.]+\\.jar"))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
    }
}
