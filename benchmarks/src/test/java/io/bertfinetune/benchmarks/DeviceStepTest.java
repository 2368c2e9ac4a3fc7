package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceStepTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void printsALineAndLeavesTheWorkForAPeer() throws Exception {
        Path work = folder.resolve("work");

        int code = run(
                "--model",
                "tiny",
                "--device",
                "cpu",
                "--batch",
                "2",
                "--length",
                "8",
                "--steps",
                "3",
                "--work",
                work.toString());

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches(
                        "\\{\"side\": \"bert-finetune\", \"model\": \"tiny\", \"batch\": 2, \"length\": 8, \"precision\":"
                                + " \"float32\", \"first_loss\": [0-9.]+, \"median_ms\": [0-9.]+, \"samples_per_second\":"
                                + " [0-9.]+}\\R");
        assertThat(work)
                .isDirectoryContaining("glob:**/model.safetensors")
                .isDirectoryContaining("glob:**/batches.json");
    }

    @Test
    void aWrongPrecisionIsOneLine() throws Exception {
        assertThat(run("--work", folder.toString(), "--precision", "half")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("device step: precision is 'half', expected float32, tensor_float32, bfloat16 or float16");
    }

    private int run(String... flags) throws Exception {
        String[] all = new String[flags.length + 2];
        all[0] = "device";
        all[1] = "step";
        System.arraycopy(flags, 0, all, 2, flags.length);
        return Benchmarks.run(print(out), print(err), all);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
