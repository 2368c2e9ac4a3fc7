package io.bertfinetune.ort.capi;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A CUDA without a GPU for one build of ONNX Runtime; {@code src/test/c/cuda_stand_in.c} says what it is. Tests that use
 * it are skipped where the build, a C compiler or CUDA's headers are not at hand.
 *
 * @param natives the build
 * @param jar its jar
 * @param libraries the folder with the libraries that stand for CUDA's
 */
public record StandIn(CudaNatives natives, Path jar, Path libraries) {
    private static final Path BUILT = Path.of("target", "stand-in");
    private static final Path SOURCES = Path.of("src", "test", "c");

    /** What a run came to. */
    public record Result(int exit, String output) {
        /** The number that the run printed behind this word and an equals sign. */
        public long number(String word) {
            return output.lines()
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .filter(each -> each.startsWith(word + "="))
                    .mapToLong(each -> Long.parseLong(each.substring(word.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + word + " in: " + output));
        }
    }

    /** The stand-in for a build; the calling test is skipped if it cannot be built here. */
    public static synchronized StandIn of(CudaNatives natives) {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the stand-in for CUDA is for Linux on x64");
        Path jar = jar(natives);
        assumeTrue(
                Files.exists(jar),
                "no " + jar + "; fetch it with: mvn dependency:get -Dtransitive=false -Dartifact="
                        + coordinates(natives));
        assumeTrue(onPath("gcc") && onPath("nm"), "the stand-in for CUDA needs gcc and binutils");
        Optional<Path> headers = headers();
        assumeTrue(
                headers.isPresent(),
                "the stand-in for CUDA needs CUDA's headers: driver_types.h in $CUDA_HOME/include"
                        + " or /usr/local/cuda*/include");
        Path folder =
                BUILT.resolve(natives.name().toLowerCase(java.util.Locale.ROOT)).toAbsolutePath();
        if (!isBuilt(folder)) {
            build(natives, jar, folder, headers.orElseThrow());
        }
        return new StandIn(natives, jar, folder);
    }

    private static String coordinates(CudaNatives natives) {
        return natives == CudaNatives.BYTEDECO
                ? "org.bytedeco:onnxruntime:1.24.1-1.5.13:jar:linux-x86_64-gpu"
                : "com.microsoft.onnxruntime:onnxruntime_gpu:1.28.0";
    }

    private static Path jar(CudaNatives natives) {
        String[] parts = coordinates(natives).split(":");
        String classifier = parts.length > 3 ? "-" + parts[4] : "";
        return Path.of(System.getProperty("maven.repository"))
                .resolve(parts[0].replace('.', '/'))
                .resolve(Path.of(parts[1], parts[2], parts[1] + "-" + parts[2] + classifier + ".jar"));
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static Optional<Path> headers() {
        List<Path> candidates = new ArrayList<>();
        Optional.ofNullable(System.getenv("CUDA_HOME"))
                .ifPresent(home -> candidates.add(Path.of(home).resolve("include")));
        CudaLibraries.toolkits(Path.of("/usr/local"))
                .forEach(folder -> candidates.add(folder.resolveSibling("include")));
        return candidates.stream()
                .filter(folder -> Files.exists(folder.resolve("driver_types.h")))
                .findFirst();
    }

    /** Whether it is there and not older than what it is made from. */
    private static boolean isBuilt(Path folder) {
        Path made = folder.resolve("libcudnn.so.9");
        try {
            return Files.exists(made)
                    && Files.getLastModifiedTime(made)
                                    .compareTo(Files.getLastModifiedTime(SOURCES.resolve("cuda_stand_in.c")))
                            >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void build(CudaNatives natives, Path jar, Path folder, Path headers) {
        Path provider = folder.resolve(CudaNatives.PROVIDER);
        try {
            Files.createDirectories(folder);
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                ZipEntry entry = zip.getEntry(natives.folder() + CudaNatives.PROVIDER);
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, provider, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Path script = SOURCES.resolve("cuda_stand_in.sh");
            Result built = run(
                    new ProcessBuilder(
                            "bash",
                            script.toString(),
                            provider.toString(),
                            folder.toString(),
                            headers.toString(),
                            Integer.toString(natives.cudaMajor())),
                    600);
            if (built.exit() != 0) {
                throw new AssertionError(script + " failed: " + built.output());
            }
            Files.delete(provider);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a main class in a JVM of its own, with the stand-in where the system looks for CUDA and the build on the path. */
    public Result run(Class<?> main, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dio.bertfinetune.natives=" + (natives == CudaNatives.BYTEDECO ? "bytedeco-gpu" : "microsoft-gpu"),
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        builder.environment().putAll(environment);
        try {
            return run(builder, 900);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same stand-in without one of CUDA's libraries, in a folder of its own. */
    public StandIn without(String library, Path folder) throws IOException {
        try (Stream<Path> all = Files.list(libraries)) {
            for (Path each : all.filter(path -> !path.endsWith(library)).toList()) {
                Files.createSymbolicLink(folder.resolve(each.getFileName()), each);
            }
        }
        return new StandIn(natives, jar, folder);
    }

    /** This build on the libraries of another's CUDA. */
    public StandIn on(StandIn other) {
        return new StandIn(natives, jar, other.libraries);
    }

    /** The same libraries with another jar of the build. */
    public StandIn with(Path other) {
        return new StandIn(natives, other, libraries);
    }

    /** The tests' own, without Microsoft's build for the processor where its build for CUDA takes its place. */
    private String classPath() {
        return Stream.concat(
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(entry -> natives != CudaNatives.MICROSOFT
                                        || !entry.matches(".*[/\\\\]onnxruntime-[0-9.]+\\.jar")),
                        Stream.of(jar.toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Result run(ProcessBuilder builder, long seconds) throws IOException {
        Path output = Files.createTempFile("stand-in", ".txt");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(builder.command() + " hangs: " + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** What the stand-in has counted, for programs that run on it. */
    public enum Count {
        /** Copies from host to device. */
        H2D,
        /** Their bytes. */
        H2D_BYTES,
        /** Copies from device to host. */
        D2H,
        /** Their bytes. */
        D2H_BYTES,
        /** Copies within the device. */
        D2D,
        /** Kernels launched. */
        LAUNCHES,
        /** Matrix products. */
        PRODUCTS,
        /** Device memory that was not given back. */
        LIVE_BYTES,
        /** Copies from host to device that held the bytes of {@link #watch}. */
        SEEN;

        /** The count so far. */
        public long now() {
            return com.sun.jna.NativeLibrary.getInstance("libcuda.so.1")
                    .getFunction("stand_in_count")
                    .invokeLong(new Object[] {ordinal()});
        }

        /** Looks for these bytes in every copy from host to device from now on. */
        public static void watch(byte[] bytes) {
            com.sun.jna.NativeLibrary.getInstance("libcuda.so.1")
                    .getFunction("stand_in_watch")
                    .invokeVoid(new Object[] {bytes, (long) bytes.length});
        }
    }
}
