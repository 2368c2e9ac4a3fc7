package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareStartupTest {
    @Test
    void theWayToAStepAndToAPredictionIsListedInParts(@TempDir Path folder) throws Exception {
        SuiteRun run = SuiteRun.of(
                CompareStartup.suite(), folder, "--model=tiny", "--shapes=2x8", "--rounds=1", "--threads=1");

        assertThat(run.comparisons()).hasSize(3);
        assertThat(run.text())
                .contains("the first training step of 2 × 8 tokens", "the first prediction")
                .contains("build the graph and its gradient", "load the weights", "create ONNX Runtime's session");
        assertThat(run.ownMedian("wall_ms"))
                .isGreaterThan(run.ownMedian("load_ms") + run.ownMedian("session_ms") + run.ownMedian("first_ms"));
    }
}
