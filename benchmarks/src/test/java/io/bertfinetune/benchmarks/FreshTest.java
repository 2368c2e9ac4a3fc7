package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.benchmarks.Results.SideResults;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshTest {
    @Test
    void everyRoundIsAProcessWithTheTimeItTook(@TempDir Path folder) {
        Fresh fresh = new Fresh(
                1, 2, 2, folder, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));

        List<SideResults> results =
                fresh.measure(List.of(Answering.contestant("own", 1, "10"), Answering.contestant("broken", 1, "stop")));

        assertThat(results.get(0).samples()).hasSize(2);
        assertThat(results.get(0).samples().get(0).figures()).containsEntry("ms", 10.0);
        assertThat(results.get(0).values(Figure.less("wall_ms", "ms"))).allMatch(wall -> wall > 1);
        assertThat(results.get(1).notRun()).hasValue("broken ended at work: stopped on purpose");
    }
}
