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
                .as("three models, three batch sizes, three precisions, this library and three ways of PyTorch")
                .hasSize(3 * 3 * 3 * 4);
        assertThat(result.lines())
                .filteredOn(line -> line.contains("RunClassification"))
                .hasSize(6);
        assertThat(result.lines()).anyMatch(line -> line.contains("-Pgpu") && line.contains("CudaEngineTest"));
        assertThat(report).doesNotExist();
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
                .toList();
        return new Result(process.waitFor(), lines);
    }
}
