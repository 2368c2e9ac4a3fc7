package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bertfinetune.benchmarks.Results.SideResults;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnsTest {
    @TempDir
    private Path folder;

    @Test
    void aPeerThatFailsAtWorkIsNotRunAndTheOthersGoOn() {
        List<SideResults> results = turns(false)
                .measure(List.of(
                        Answering.contestant("own", 1, "10"),
                        Answering.contestant("broken", 1, "stop"),
                        Answering.contestant("other", 1, "20")));

        assertThat(results.get(1).notRun()).hasValue("broken ended at work: stopped on purpose");
        assertThat(results.get(2).ratios(Figure.less("ms", "ms"))).containsExactly(2.0, 2.0);
    }

    @Test
    void withoutARequiredSideNothingIsMeasured() {
        assertThatExceptionOfType(SideException.class)
                .isThrownBy(() -> turns(false).measure(List.of(required(Answering.contestant("own", 1, "stop")))))
                .withMessageContaining("stopped on purpose");
    }

    @Test
    void sidesThatDoNotComputeTheSameAreNotCompared() {
        assertThatExceptionOfType(SideException.class)
                .isThrownBy(() -> turns(false)
                        .measure(List.of(Answering.contestant("own", 1, "10"), Answering.contestant("other", 2, "10"))))
                .withMessageContaining("loss is 2.0, that of own 1.0; they do not compute the same");
    }

    @Test
    void inPairsEveryPeerMeetsTheReferenceAlone() {
        List<SideResults> results = turns(true)
                .measure(List.of(
                        Answering.contestant("own", 1, "10"),
                        Answering.contestant("a", 1, "20"),
                        Answering.contestant("b", 1, "30")));

        assertThat(results.get(0).samples()).hasSize(4);
        assertThat(results.get(2).ratios(Figure.less("ms", "ms"))).containsExactly(3.0, 3.0);
    }

    private Turns turns(boolean inPairs) {
        return new Turns(
                0,
                2,
                inPairs,
                Map.of("loss", 0.01),
                folder,
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }

    private static Contestant required(Contestant one) {
        return new Contestant(one.name(), one.command(), one.threads(), true);
    }
}
