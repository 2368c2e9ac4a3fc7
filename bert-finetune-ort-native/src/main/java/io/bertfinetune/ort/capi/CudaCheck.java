package io.bertfinetune.ort.capi;

import io.bertfinetune.ort.capi.CudaLibraries.Found;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds out whether CUDA can be used, and if not, why. ONNX Runtime answers every cause with the same exception, so the
 * cause is looked for before the first session: the build on the class path, the driver, each library of CUDA by itself,
 * the GPUs. Needs no GPU and starts nothing on one.
 */
public final class CudaCheck {
    private static final String GUIDE = "docs/guides/cuda.md";

    private final String platform;
    private final Optional<CudaNatives> wanted;
    private final NativesOnPath path;
    private final Supplier<Optional<CudaDriver>> driver;
    private final CudaLibraries libraries;

    /** A check of these parts, which tests put together. */
    CudaCheck(
            String platform,
            Optional<CudaNatives> wanted,
            NativesOnPath path,
            Supplier<Optional<CudaDriver>> driver,
            CudaLibraries libraries) {
        this.platform = platform;
        this.wanted = wanted;
        this.path = path;
        this.driver = driver;
        this.libraries = libraries;
    }

    /**
     * Checks this machine and this class path.
     *
     * @return what was found
     */
    public static CudaFinding run() {
        return run(Optional.empty());
    }

    /** Checks this machine for one build. */
    static CudaFinding run(Optional<CudaNatives> wanted) {
        CudaLibraries here = CudaLibraries.ofThisMachine();
        return new CudaCheck(
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        wanted,
                        NativesOnPath.ofThisProgram(),
                        () -> NvidiaDriver.ofThisMachine(here.loader()),
                        here)
                .find();
    }

    static String visibleDevices() {
        return Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")).orElse("unset");
    }

    CudaFinding find() {
        List<String> problems = new ArrayList<>();
        if (!platform.equals("Linux amd64")) {
            problems.add("CUDA is supported on Linux x64, this is " + platform + "; train on the processor here.");
            return new CudaFinding(Optional.empty(), "not looked for", List.of(), List.of(), problems);
        }
        Optional<CudaNatives> natives = natives(problems);
        Optional<CudaDriver> found = driver.get();
        String version = found.map(each -> driver(each, natives, problems)).orElseGet(() -> {
            problems.add("No NVIDIA driver is installed (" + NvidiaDriver.LIBRARY + " does not load); install driver "
                    + natives.map(CudaNatives::driver).orElse(CudaNatives.MICROSOFT.driver())
                    + " or newer, and in a container start it with --gpus all.");
            return "none";
        });
        List<CudaDevice> devices =
                found.map(each -> devices(each, natives, problems)).orElse(List.of());
        List<Found> loaded = natives.map(CudaNatives::libraries).orElse(List.of()).stream()
                .map(libraries::load)
                .toList();
        natives.ifPresent(each -> missing(each, loaded).ifPresent(problems::add));
        return new CudaFinding(
                natives, version, loaded.stream().map(Found::toString).toList(), devices, problems);
    }

    private Optional<CudaNatives> natives(List<String> problems) {
        List<CudaNatives> found = path.forCuda();
        if (found.isEmpty()) {
            problems.add(
                    path.hasBuildForProcessor()
                            ? "The class path has ONNX Runtime's build for the processor and none for CUDA; add "
                                    + CudaNatives.BYTEDECO + " or " + CudaNatives.MICROSOFT + ", as " + GUIDE
                                    + " shows."
                            : "The class path has no build of ONNX Runtime for CUDA; add " + CudaNatives.BYTEDECO
                                    + " or " + CudaNatives.MICROSOFT + ", as " + GUIDE + " shows.");
            return Optional.empty();
        }
        CudaNatives chosen = wanted.filter(found::contains).orElse(found.get(0));
        if (!path.isWhole(chosen)) {
            problems.add(CudaNatives.PROVIDER + " has no " + chosen.core() + " and " + CudaNatives.PROVIDERS
                    + " beside it in " + chosen.folder() + " of the class path; take the whole jar of "
                    + chosen.artifact() + ".");
        }
        return Optional.of(chosen);
    }

    private static String driver(CudaDriver driver, Optional<CudaNatives> natives, List<String> problems) {
        int version = driver.cudaVersion();
        String text = "CUDA " + version / 1000 + "." + version % 1000 / 10;
        natives.filter(each -> version / 1000 < each.cudaMajor())
                .ifPresent(each -> problems.add("The NVIDIA driver serves CUDA up to " + version / 1000 + "."
                        + version % 1000 / 10 + ", and " + each.artifact() + " needs CUDA " + each.cudaMajor()
                        + "; install driver " + each.driver() + " or newer"
                        + (each == CudaNatives.BYTEDECO && version >= 12_000
                                ? ", or use " + CudaNatives.MICROSOFT + "."
                                : ".")));
        return text;
    }

    private static List<CudaDevice> devices(CudaDriver driver, Optional<CudaNatives> natives, List<String> problems) {
        int status = driver.initialize();
        if (status != CudaDriver.SUCCESS && status != CudaDriver.NO_DEVICE) {
            problems.add("The NVIDIA driver does not start: cuInit answers " + status
                    + "; see what nvidia-smi says, a restart helps after an update of the driver.");
            return List.of();
        }
        List<CudaDevice> devices = status == CudaDriver.SUCCESS ? driver.devices() : List.of();
        if (devices.isEmpty()) {
            problems.add("The NVIDIA driver shows no GPU (CUDA_VISIBLE_DEVICES=" + visibleDevices()
                    + "); see what nvidia-smi lists, and in a container start it with --gpus all.");
        }
        natives.ifPresent(each -> devices.stream()
                .filter(device -> !each.runsOn(device.capability()))
                .findFirst()
                .ifPresent(device -> problems.add(unsupported(each, device))));
        return devices;
    }

    private static String unsupported(CudaNatives natives, CudaDevice device) {
        String other = Arrays.stream(CudaNatives.values())
                .filter(each -> each.runsOn(device.capability()))
                .findFirst()
                .map(each -> "use " + each + ", or hide it with CUDA_VISIBLE_DEVICES.")
                .orElse("hide it with CUDA_VISIBLE_DEVICES, or train on the processor.");
        return natives.artifact() + " has no code for " + device + "; it has code for compute capability "
                + natives.capabilities() + "; " + other;
    }

    /** The first library that does not load, with what is there instead. */
    private Optional<String> missing(CudaNatives natives, List<Found> loaded) {
        Optional<Found> missing = loaded.stream()
                .filter(each -> !each.isLoaded() && !natives.isOptional(each.library()))
                .findFirst();
        Optional<Found> cudnn = loaded.stream().filter(CudaCheck::isCudnn).findFirst();
        if (missing.isPresent() && !isCudnn(missing.get())) {
            return Optional.of(noCuda(natives, missing.get()));
        }
        if (missing.isPresent()) {
            return Optional.of("cuDNN 9 for CUDA " + natives.cudaMajor() + " is needed by " + natives.artifact() + " ("
                    + missing.get().error() + "); install it, as " + GUIDE + " shows.");
        }
        return cudnn.flatMap(libraries::cudaOf)
                .filter(cuda -> cuda != natives.cudaMajor())
                .map(cuda -> "cuDNN 9 for CUDA " + natives.cudaMajor() + " is needed by " + natives.artifact()
                        + ", found one for CUDA " + cuda + "; install the other, as " + GUIDE + " shows.");
    }

    private String noCuda(CudaNatives natives, Found missing) {
        List<Integer> installed = libraries.installed();
        return "CUDA " + natives.cudaMajor() + " is needed by " + natives.artifact() + ", found "
                + (installed.isEmpty()
                        ? "none"
                        : installed.stream().map(each -> "CUDA " + each).collect(Collectors.joining(" and ")))
                + " (" + missing.error() + "); install the libraries of CUDA " + natives.cudaMajor()
                + instead(natives, installed) + ", or name their folder with -D" + CudaLibraries.PROPERTY + ".";
    }

    private static boolean isCudnn(Found library) {
        return library.library().startsWith("libcudnn");
    }

    private static String instead(CudaNatives natives, List<Integer> installed) {
        return Arrays.stream(CudaNatives.values())
                .filter(each -> each != natives && installed.contains(each.cudaMajor()))
                .findFirst()
                .map(each -> ", or use " + each)
                .orElse("");
    }
}
