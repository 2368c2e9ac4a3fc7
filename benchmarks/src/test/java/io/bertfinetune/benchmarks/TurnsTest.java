package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bertfinetune.benchmarks.Results.SideResults;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnsTest {
    @TempDir
    private Path folder;

    @Test
    void aPeerThatFailsAtWorkIsNotRunAndTheOthersGoOn() throws Exception {
        List<SideResults> results =
                turns(false).measure(List.of(side("own", 1, "10"), side("broken", 1, "stop"), side("other", 1, "20")));

        assertThat(results.get(1).notRun()).hasValue("broken ended at work: stopped on purpose");
        assertThat(results.get(2).ratios(Figure.less("ms", "ms"))).containsExactly(2.0, 2.0);
    }

    @Test
    void withoutARequiredSideNothingIsMeasured() {
        assertThatExceptionOfType(SideException.class)
                .isThrownBy(() -> turns(false).measure(List.of(required(side("own", 1, "stop")))))
                .withMessageContaining("stopped on purpose");
    }

    @Test
    void sidesThatDoNotComputeTheSameAreNotCompared() {
        assertThatExceptionOfType(SideException.class)
                .isThrownBy(() -> turns(false).measure(List.of(side("own", 1, "10"), side("other", 2, "10"))))
                .withMessageContaining("loss is 2.0, that of own 1.0; they do not compute the same");
    }

    @Test
    void inPairsEveryPeerMeetsTheReferenceAlone() throws Exception {
        List<SideResults> results =
                turns(true).measure(List.of(side("own", 1, "10"), side("a", 1, "20"), side("b", 1, "30")));

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

    /** A side that always takes as long, or stops when it is asked. */
    private Contestant side(String name, int loss, String ms) throws Exception {
        Path source = folder.resolve("Answering.java");
        Files.writeString(source, """
                public class Answering {
                    public static void main(String[] args) throws Exception {
                        System.out.println("{\\"threads\\": 1, \\"versions\\": {}, \\"facts\\": {\\"loss\\": " + args[0] + "}}");
                        while (System.in.read() != -1) {
                            if (args[1].equals("stop")) {
                                System.err.println("stopped on purpose");
                                return;
                            }
                            while (System.in.read() != '\\n') {}
                            System.out.println("{\\"ms\\": " + args[1] + "}");
                        }
                    }
                }
                """);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Contestant(name, List.of(java, source.toString(), Integer.toString(loss), ms), 1, false);
    }
}
