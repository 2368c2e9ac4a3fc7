package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Precision;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every cause that ONNX Runtime hides has a sentence of its own. */
class CudaCheckTest {
    private static final CudaDevice H100 = new CudaDevice(0, "NVIDIA H100", 90, 80L << 30);
    private static final CudaDevice B200 = new CudaDevice(1, "NVIDIA B200", 100, 180L << 30);
    private static final CudaDevice V100 = new CudaDevice(1, "Tesla V100", 70, 16L << 30);
    private static final CudaDevice A100 = new CudaDevice(2, "NVIDIA A100", 80, 40L << 30);
    private static final CudaDevice P100 = new CudaDevice(0, "Tesla P100", 60, 16L << 30);

    @TempDir
    private Path folder;

    private final Map<String, Integer> path = new HashMap<>();
    private final FakeLoader loader = new FakeLoader();
    private Optional<CudaDriver> driver = Optional.of(new FakeDriver(13_000, CudaDriver.SUCCESS, List.of(H100)));
    private String platform = "Linux amd64";
    private Optional<CudaNatives> wanted = Optional.empty();

    CudaCheckTest() {
        put(CudaNatives.BYTEDECO);
        loader.install(CudaNatives.BYTEDECO, 13_000);
    }

    @Test
    void aWholeMachineHasNoProblem() {
        CudaFinding found = find();

        assertThat(found.problems()).isEmpty();
        assertThat(found.require(0)).isEqualTo(H100);
        assertThat(found.toString()).hasToString("""
                natives:   org.bytedeco:onnxruntime, classifier linux-x86_64-gpu (CUDA 13)
                driver:    CUDA 13.0
                device:    cuda:0 NVIDIA H100, compute capability 9.0, 81920 MiB
                library:   libcudart.so.13, where the system looks
                library:   libnvrtc.so.13, where the system looks
                library:   libcublasLt.so.13, where the system looks
                library:   libcublas.so.13, where the system looks
                library:   libcufft.so.12, where the system looks
                library:   libcudnn.so.9, where the system looks
                CUDA can be used.""");
    }

    @Test
    void anotherPlatform() {
        platform = "Mac OS X aarch64";

        assertProblem("CUDA is supported on Linux x64, this is Mac OS X aarch64; train on the processor here.");
    }

    // ---- the class path --------------------------------------------------------------------------------------------

    @Test
    void noBuildAtAll() {
        path.clear();

        assertProblem("The class path has no build of ONNX Runtime for CUDA; add org.bytedeco:onnxruntime, classifier"
                + " linux-x86_64-gpu (CUDA 13) or com.microsoft.onnxruntime:onnxruntime_gpu (CUDA 12), as"
                + " docs/guides/cuda.md shows.");
    }

    @Test
    void theBuildForTheProcessorAlone() {
        path.clear();
        add("ai/onnxruntime/native/linux-x64/libonnxruntime.so");

        assertProblem("The class path has ONNX Runtime's build for the processor and none for CUDA; add"
                + " org.bytedeco:onnxruntime, classifier linux-x86_64-gpu (CUDA 13) or"
                + " com.microsoft.onnxruntime:onnxruntime_gpu (CUDA 12), as"
                + " docs/guides/cuda.md shows.");
    }

    @Test
    void theBuildForTheProcessorBesideOneForCudaIsHowItIsMeant() {
        add("ai/onnxruntime/native/linux-x64/libonnxruntime.so");

        assertThat(find().problems()).isEmpty();

        microsoft();
        add("ai/onnxruntime/native/linux-x64/libonnxruntime.so");

        assertThat(find().natives()).contains(CudaNatives.MICROSOFT);
        assertThat(find().problems()).isEmpty();
    }

    @Test
    void whicheverOfTwoBuildsForCudaIsWanted() {
        put(CudaNatives.MICROSOFT);

        assertThat(find().natives()).contains(CudaNatives.BYTEDECO);

        wanted = Optional.of(CudaNatives.MICROSOFT);
        assertThat(find().natives()).contains(CudaNatives.MICROSOFT);
    }

    @Test
    void aProviderWithoutItsCore() {
        path.remove("org/bytedeco/onnxruntime/linux-x86_64-gpu/libonnxruntime.so.1");

        assertProblem("libonnxruntime_providers_cuda.so has no libonnxruntime.so.1 and"
                + " libonnxruntime_providers_shared.so beside it in org/bytedeco/onnxruntime/linux-x86_64-gpu/ of the"
                + " class path; take the whole jar of org.bytedeco:onnxruntime, classifier linux-x86_64-gpu.");
    }

    // ---- the driver ------------------------------------------------------------------------------------------------

    @Test
    void noDriver() {
        driver = Optional.empty();

        assertProblem(
                "No NVIDIA driver is installed (libcuda.so.1 does not load); install driver 580 or newer, and in a"
                        + " container start it with --gpus all.");
    }

    @Test
    void aDriverThatIsTooOld() {
        driver = Optional.of(new FakeDriver(12_040, CudaDriver.SUCCESS, List.of(H100)));

        assertProblem("The NVIDIA driver serves CUDA up to 12.4, and org.bytedeco:onnxruntime, classifier"
                + " linux-x86_64-gpu needs CUDA 13; install driver 580 or newer, or use"
                + " com.microsoft.onnxruntime:onnxruntime_gpu (CUDA 12).");
    }

    @Test
    void aDriverThatIsTooOldForBothBuilds() {
        microsoft();
        driver = Optional.of(new FakeDriver(11_080, CudaDriver.SUCCESS, List.of(H100)));

        assertProblem(
                "The NVIDIA driver serves CUDA up to 11.8, and com.microsoft.onnxruntime:onnxruntime_gpu needs CUDA"
                        + " 12; install driver 525 or newer.");
    }

    @Test
    void aDriverThatDoesNotStart() {
        driver = Optional.of(new FakeDriver(13_000, 803, List.of()));

        assertProblem("The NVIDIA driver does not start: cuInit answers 803; see what nvidia-smi says, a restart helps"
                + " after an update of the driver.");
    }

    @Test
    void noDevice() {
        driver = Optional.of(new FakeDriver(13_000, CudaDriver.NO_DEVICE, List.of()));

        assertProblem("The NVIDIA driver shows no GPU (CUDA_VISIBLE_DEVICES=" + CudaCheck.visibleDevices()
                + "); see what nvidia-smi lists, and in a container start it with --gpus all.");
    }

    @Test
    void aDeviceThatIsNotThere() {
        CudaFinding found = find();

        assertThatThrownBy(() -> found.require(2))
                .isInstanceOf(EngineException.class)
                .hasMessage("CUDA cannot be used: there is no cuda:2; there are [cuda:0 NVIDIA H100, compute capability"
                        + " 9.0, 81920 MiB] (CUDA_VISIBLE_DEVICES=" + CudaCheck.visibleDevices() + ")");
    }

    @Test
    void aPrecisionOfNewerDevices() {
        microsoft();
        driver = Optional.of(new FakeDriver(13_000, CudaDriver.SUCCESS, List.of(P100, V100, A100)));

        CudaFinding found = find();

        assertThat(Stream.of(Precision.values())
                        .filter(each -> found.missingFor(0, each).isEmpty()))
                .containsExactly(Precision.FLOAT32);
        assertThat(Stream.of(Precision.values())
                        .filter(each -> found.missingFor(1, each).isEmpty()))
                .containsExactly(Precision.FLOAT32, Precision.FLOAT16);
        assertThat(Stream.of(Precision.values())
                        .filter(each -> found.missingFor(2, each).isEmpty()))
                .containsExactly(Precision.values());
        assertThat(found.missingFor(0, Precision.FLOAT16))
                .contains("compute capability 7.0 or newer is needed, found cuda:0 Tesla P100, compute capability 6.0,"
                        + " 16384 MiB; train in FLOAT32");
        assertThat(found.missingFor(1, Precision.BFLOAT16))
                .contains("compute capability 8.0 or newer is needed, found cuda:1 Tesla V100, compute capability 7.0,"
                        + " 16384 MiB; train in FLOAT16 or FLOAT32");
    }

    @Test
    void aPrecisionOfNoDevice() {
        CudaFinding found = find();

        assertThat(found.missingFor(0, Precision.BFLOAT16)).isEmpty();
        assertThat(found.missingFor(1, Precision.FLOAT32))
                .hasValueSatisfying(
                        missing -> assertThat(missing).startsWith("CUDA cannot be used: there is no cuda:1"));

        driver = Optional.empty();
        assertThat(find().missingFor(0, Precision.FLOAT32))
                .hasValueSatisfying(missing -> assertThat(missing).startsWith("CUDA cannot be used: No NVIDIA driver"));
    }

    @Test
    void aDeviceTheBuildHasNoCodeFor() {
        microsoft();
        driver = Optional.of(new FakeDriver(13_000, CudaDriver.SUCCESS, List.of(H100, B200)));

        assertProblem("com.microsoft.onnxruntime:onnxruntime_gpu has no code for cuda:1 NVIDIA B200, compute capability"
                + " 10.0, 184320 MiB; it has code for compute capability 6.0, 7.0, 7.5, 8.0, 8.6, 9.0, 12.0 and later;"
                + " use org.bytedeco:onnxruntime, classifier linux-x86_64-gpu (CUDA 13), or hide it with"
                + " CUDA_VISIBLE_DEVICES.");
    }

    @Test
    void anOldDeviceIsSentToTheOtherBuild() {
        driver = Optional.of(new FakeDriver(13_000, CudaDriver.SUCCESS, List.of(P100)));

        assertThat(find().problems())
                .singleElement()
                .asString()
                .contains("7.5, 8.0, 9.0, 10.0, 12.0;", "use com.microsoft.onnxruntime:onnxruntime_gpu (CUDA 12)");
    }

    @Test
    void codeRunsOnItsGenerationFromItsModelOn() {
        assertThat(List.of(60, 75, 80, 86, 89, 90, 100, 103, 120, 121))
                .filteredOn(CudaNatives.MICROSOFT::runsOn)
                .containsExactly(60, 75, 80, 86, 89, 90, 120, 121);
        assertThat(List.of(60, 70, 75, 80, 86, 89, 90, 100, 103, 120))
                .filteredOn(CudaNatives.BYTEDECO::runsOn)
                .containsExactly(75, 80, 86, 89, 90, 100, 103, 120);
    }

    // ---- CUDA's libraries ------------------------------------------------------------------------------------------

    @Test
    void noCuda() {
        loader.names.clear();

        assertProblem("CUDA 13 is needed by org.bytedeco:onnxruntime, classifier linux-x86_64-gpu, found none"
                + " (libcudart.so.13: no such file); install the libraries of CUDA 13, or name their folder with"
                + " -Dio.bertfinetune.cuda.path.");
    }

    @Test
    void cudaOfTheOtherMajorVersion() {
        loader.names.clear();
        loader.install(CudaNatives.MICROSOFT, 12_090);

        assertProblem("CUDA 13 is needed by org.bytedeco:onnxruntime, classifier linux-x86_64-gpu, found CUDA 12"
                + " (libcudart.so.13: no such file); install the libraries of CUDA 13, or use"
                + " com.microsoft.onnxruntime:onnxruntime_gpu (CUDA 12), or name their folder with"
                + " -Dio.bertfinetune.cuda.path.");
    }

    @Test
    void oneLibraryOfCudaIsMissing() {
        loader.names.remove("libcublasLt.so.13");

        assertThat(find().problems())
                .singleElement()
                .asString()
                .contains("found CUDA 13 (libcublasLt.so.13: no such file)");
    }

    @Test
    void noCudnn() {
        loader.names.remove("libcudnn.so.9");

        assertProblem("cuDNN 9 for CUDA 13 is needed by org.bytedeco:onnxruntime, classifier linux-x86_64-gpu"
                + " (libcudnn.so.9: no such file); install it, as docs/guides/cuda.md shows.");
    }

    @Test
    void cudnnIsMissedBeforeMicrosoftsBuildRunsToo() {
        microsoft();
        loader.names.remove("libcudnn.so.9");

        assertThat(find().problems()).singleElement().asString().startsWith("cuDNN 9 for CUDA 12 is needed");
    }

    @Test
    void cudnnForTheOtherCuda() {
        loader.names.clear();
        loader.install(CudaNatives.BYTEDECO, 12_090);

        assertProblem(
                "cuDNN 9 for CUDA 13 is needed by org.bytedeco:onnxruntime, classifier linux-x86_64-gpu, found one"
                        + " for CUDA 12; install the other, as docs/guides/cuda.md shows.");
    }

    @Test
    void whatTrainingDoesWithoutIsNoProblem() {
        microsoft();
        loader.names.remove("libnvrtc.so.12");
        loader.names.remove("libcufft.so.11");

        assertThat(find().problems()).isEmpty();
    }

    @Test
    void librariesAreFoundInFoldersTheSystemDoesNotKnow() throws IOException {
        loader.names.remove("libcublas.so.13");
        Path file = Files.createFile(folder.resolve("libcublas.so.13"));
        loader.names.add(file.toString());

        CudaFinding found = find();

        assertThat(found.problems()).isEmpty();
        assertThat(found.libraries()).contains("libcublas.so.13: " + file);
    }

    @Test
    void aFileThatIsNoLibraryIsToldByTheSystem() throws IOException {
        Path file = Files.createFile(folder.resolve("libbertfinetune_test.so.13"));

        CudaLibraries.Found found =
                new CudaLibraries(LibraryLoader.ofTheSystem(), List.of(folder)).load("libbertfinetune_test.so.13");

        assertThat(found.isLoaded()).isFalse();
        assertThat(found.error()).contains(file.toString());
    }

    @Test
    void toolkitsAreFoundByTheirNames() throws IOException {
        for (String name : List.of("cuda-12.4", "cuda-13", "cuda", "cudnn", "lib")) {
            Files.createDirectory(folder.resolve(name));
        }

        assertThat(CudaLibraries.toolkits(folder))
                .containsExactly(
                        folder.resolve("cuda/lib64"),
                        folder.resolve("cuda-12.4/lib64"),
                        folder.resolve("cuda-13/lib64"));
    }

    @Test
    void whereFoldersCannotBeListedIsNoToolkit() throws IOException {
        assertThat(CudaLibraries.toolkits(folder.resolve("missing"))).isEmpty();
        assertThat(CudaLibraries.toolkits(Files.createFile(folder.resolve("file"))))
                .isEmpty();
    }

    @Test
    void theClassPathIsAskedForTheJarsOfTheBuilds() {
        NativesOnPath here = NativesOnPath.ofThisProgram();

        assertThat(here.resources("ai/onnxruntime/native/linux-x64/libonnxruntime.so"))
                .hasSize(1);
        assertThat(here.hasBuildForProcessor()).isTrue();
    }

    @Test
    void severalProblemsAreAllToldAndTheFirstIsTheException() {
        driver = Optional.empty();
        loader.names.clear();

        CudaFinding found = find();

        assertThat(found.problems()).hasSize(2);
        assertThat(found.isUsable()).isFalse();
        assertThatThrownBy(() -> found.require(0))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("CUDA cannot be used: No NVIDIA driver is installed");
        assertThat(found.toString())
                .contains("driver:    none", "library:   libcudart.so.13 is missing", "CUDA cannot be used.");
    }

    // ----------------------------------------------------------------------------------------------------------------

    private void assertProblem(String problem) {
        assertThat(find().problems()).containsExactly(problem);
    }

    private CudaFinding find() {
        return new CudaCheck(
                        platform, wanted, this::resources, () -> driver, new CudaLibraries(loader, List.of(folder)))
                .find();
    }

    private void microsoft() {
        path.clear();
        put(CudaNatives.MICROSOFT);
        loader.names.clear();
        loader.install(CudaNatives.MICROSOFT, 12_090);
    }

    private void put(CudaNatives natives) {
        for (String file : List.of(natives.core(), CudaNatives.PROVIDER, CudaNatives.PROVIDERS)) {
            add(natives.folder() + file);
        }
    }

    private void add(String resource) {
        path.merge(resource, 1, Integer::sum);
    }

    private List<URL> resources(String name) {
        List<URL> urls = new ArrayList<>();
        for (int i = 0; i < path.getOrDefault(name, 0); i++) {
            try {
                urls.add(new URL("file:/jar" + i + "/" + name));
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return urls;
    }

    /** A driver that answers what it is told. */
    private record FakeDriver(int cudaVersion, int initialize, List<CudaDevice> devices) implements CudaDriver {}

    /** A system on which some libraries are. */
    private static final class FakeLoader implements LibraryLoader {
        private final Set<String> names = new HashSet<>();
        private long cudnn;

        void install(CudaNatives natives, long cudnnCuda) {
            names.addAll(natives.libraries());
            cudnn = cudnnCuda;
        }

        @Override
        public Optional<String> load(String library) {
            return names.contains(library) ? Optional.empty() : Optional.of(library + ": no such file");
        }

        @Override
        public OptionalLong ask(String library, String function) {
            return Arrays.asList("libcudnn.so.9", "cudnnGetCudartVersion").equals(Arrays.asList(library, function))
                    ? OptionalLong.of(cudnn)
                    : OptionalLong.empty();
        }
    }
}
