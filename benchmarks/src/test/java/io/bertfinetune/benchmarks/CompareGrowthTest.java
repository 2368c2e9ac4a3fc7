package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareGrowthTest {
    @Test
    void everySizeIsMeasuredOnceAndDrawn(@TempDir Path folder) throws Exception {
        Path svg = folder.resolve("growth.svg");

        SuiteRun run = SuiteRun.of(
                CompareGrowth.suite(),
                folder,
                "--model=tiny",
                "--shapes=2x8",
                "--lengths=8,16",
                "--batches=2",
                "--layers=1,2",
                "--warmup=0",
                "--steps=1",
                "--threads=1",
                "--svg=" + svg);

        assertThat(run.comparisons()).hasSize(3); // 2 × 8 is one of each kind
        assertThat(run.text())
                .contains("## Growth with the length in tokens: tiny, batches of 2")
                .contains("| 16 | ", " | not run | not run | – |");
        assertThat(Files.readString(svg)).contains("number of layers", "peak resident memory, MiB");
    }
}
