package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparePredictTest {
    @Test
    void latencyAndThroughputAreMeasured(@TempDir Path folder) throws Exception {
        SuiteRun run = SuiteRun.of(
                ComparePredict.suite(),
                folder,
                "--model=tiny",
                "--data=" + folder,
                "--texts=40",
                "--rounds=1",
                "--threads=1");

        assertThat(run.text()).contains("| ONNX Runtime in Python |", "- Hugging Face pipeline: not run");
        assertThat(run.ownMedian("p50_ms")).isPositive().isLessThanOrEqualTo(run.ownMedian("p99_ms"));
        assertThat(run.ownMedian("texts_per_second")).isPositive();
    }
}
