package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script for a machine with a GPU, as far as it goes without one. */
class GpuScriptTest {
    @TempDir
    private Path folder;

    private record Result(int exit, List<String> lines) {}

    @BeforeAll
    static void needsBash() {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "gpu.sh needs bash");
    }

    @Test
    void itParses() throws Exception {
        assertThat(bash("-n", "gpu.sh").exit()).isZero();
    }

    @Test
    void aDryRunNamesEveryCommandAndRunsNone() throws Exception {
        Path report = folder.resolve("report");

        Result result =
                bash("gpu.sh", "--dry-run", "--out", report.toString(), "--python", "python3", "--data", "DATA");

        assertThat(result.exit()).isZero();
        assertThat(result.lines())
                .filteredOn(line -> line.contains("/steps/"))
                .as(
                        "three models, three batch sizes, three precisions, this library with fused kernels and without, and"
                                + " three ways of PyTorch")
                .hasSize(3 * 3 * 3 * 5);
        assertThat(result.lines())
                .filteredOn(line -> line.contains("RunClassification"))
                .as("two tasks, two precisions, three seeds")
                .hasSize(2 * 2 * 3);
        assertThat(result.lines())
                .filteredOn(line -> line.contains("CudaEngineTest"))
                .as("with fused kernels and without, and never with TensorFloat-32")
                .hasSize(2)
                .allMatch(line -> line.contains("-Pgpu,long")
                        && line.contains("-Dgpu.natives=bytedeco-gpu")
                        && line.contains("-Dio.bertfinetune.cuda.tf32=false"));
        assertThat(report).doesNotExist();
    }

    @Test
    void theOtherBuildIsTestedItself() throws Exception {
        Result result = bash("gpu.sh", "--dry-run", "--natives", "microsoft");

        assertThat(result.lines())
                .filteredOn(line -> line.contains("CudaEngineTest"))
                .singleElement()
                .asString()
                .contains("-Pgpu,gpu-microsoft,long", "-Dgpu.natives=microsoft-gpu");
        assertThat(result.lines()).noneMatch(line -> line.contains("own-plain"));
    }

    @Test
    void whatFailsIsNoMeasurement() throws Exception {
        assertThat(function("measured", "nvidia-smi() { echo 7; }; measured false")
                        .exit())
                .isEqualTo(1);
        assertThat(function("measured", "nvidia-smi() { echo 7; }; measured sleep 0.1")
                        .lines())
                .containsExactly("{\"device_memory_mib\": 7}");
    }

    @Test
    void theReportHasTheMeanOfTheSeeds() throws Exception {
        Files.writeString(folder.resolve("1.json"), "{\n  \"eval_accuracy\": 0.85,\n  \"eval_loss\": 0.3\n}\n");
        Files.writeString(folder.resolve("2.json"), "{\n  \"eval_accuracy\": 0.87\n}\n");

        assertThat(function("mean", "mean eval_accuracy '" + folder + "'/*.json")
                        .lines())
                .containsExactly("0.8600 of 2 runs");
        assertThat(function("mean", "mean eval_accuracy '" + folder + "'/none*.json")
                        .lines())
                .containsExactly("none");
    }

    /** Runs a function of the script by itself. */
    private static Result function(String name, String call) throws IOException, InterruptedException {
        return bash(
                "-c",
                "set -e; eval \"$(sed -n '/^" + name + "()/,/^}/p' gpu.sh)\"; if " + call + "; then :; else exit; fi");
    }

    @Test
    void aWrongFlagIsOneLine() throws Exception {
        Result result = bash("gpu.sh", "--natives", "mine");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.lines()).containsExactly("gpu.sh: --natives is 'mine', expected bytedeco or microsoft");
    }

    private static Result bash(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/bash"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replace("\\,", ",")) // as a shell prints a word with a comma
                .toList();
        return new Result(process.waitFor(), lines);
    }
}
