package io.bertfinetune.ort.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening a tokenizer connects to nothing: each test is a JVM that reports each socket asked for, and opens none. */
class NetworkTest {
    /** In place of the class that asks the CUDA runtime: a machine with an H200. */
    private static final String GPU_HOST = "package ai.djl.util.cuda;"
            + "public final class CudaUtils {"
            + "  public static boolean hasCuda() { return true; }"
            + "  public static int getGpuCount() { return 1; }"
            + "  public static int getCudaVersion() { return 12040; }"
            + "  public static String getCudaVersionString() { return \"124\"; }"
            + "  public static String getComputeCapability(int device) { return \"90\"; }"
            + "}";

    @TempDir
    private Path work;

    @Test
    void noTelemetryIsSent() throws IOException {
        ChildJvm.Result result = run(List.of());

        assertThat(result.output()).contains("[2, 43, 3]").doesNotContain("socket");
    }

    @Test
    void whoWantsTelemetryGetsIt() throws IOException {
        ChildJvm.Result result = run(List.of(), "-DOPT_OUT_TRACKING=false");

        assertThat(result.output()).contains("socket");
    }

    @Test
    void onAMachineWithAGpuNothingIsDownloaded() throws IOException {
        ChildJvm.Result result = run(List.of(gpuHost()), cache());

        assertThat(result.output()).contains("[2, 43, 3]").doesNotContain("socket");
    }

    @Test
    void whoWantsAnotherFlavorMayDownloadIt() throws IOException {
        ChildJvm.Result result = run(List.of(gpuHost()), cache(), "-DRUST_FLAVOR=");

        assertThat(result.output()).contains("socket").doesNotContain("[2, 43, 3]");
    }

    /** Runs with names from a file of its own, so that no name is asked for on the network either. */
    private ChildJvm.Result run(List<Path> first, String... options) throws IOException {
        Path hosts = Files.writeString(work.resolve("hosts"), "203.0.113.7 publish.djl.ai" + System.lineSeparator());
        List<String> all = Stream.concat(Stream.of("-Djdk.net.hosts.file=" + hosts), Stream.of(options))
                .toList();
        return ChildJvm.run(Opens.class, work, first, all.toArray(String[]::new));
    }

    private String cache() {
        return "-DDJL_CACHE_DIR=" + work.resolve("cache");
    }

    private Path gpuHost() throws IOException {
        Path source = work.resolve("CudaUtils.java");
        Files.writeString(source, GPU_HOST);
        Path classes = Files.createDirectory(work.resolve("gpu"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        return classes;
    }

    /** Opens tiny_bert and prints the ids of a text; a socket is printed and refused. */
    static final class Opens {
        private Opens() {}

        @SuppressWarnings("deprecation") // the one seam that is below everything that connects
        public static void main(String[] args) throws IOException {
            Socket.setSocketImplFactory(() -> {
                System.out.println("socket");
                throw new IllegalStateException("no network");
            });
            try (CloseableTokenizer tokenizer = Fixtures.tinyTokenizer()) {
                System.out.println(Arrays.toString(tokenizer.encode("a").ids()));
            }
        }
    }
}
