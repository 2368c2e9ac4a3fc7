package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareStepTest {
    private static final List<String> TINY = List.of("--model=tiny", "--shapes=2x8", "--rounds=2", "--threads=1");

    @TempDir
    private Path folder;

    @Test
    void withoutPythonTheLibraryRunsBesideItsMatrixProducts() throws Exception {
        SuiteRun run = run();

        assertThat(run.text())
                .contains(
                        "|  | bert-finetune | PyTorch SDPA | PyTorch eager | PyTorch compile | matrix products alone |")
                .contains("- PyTorch eager: not run; no --python was given")
                .doesNotContain(folder.toString());
        assertThat(run.sides().get(0).getAsJsonArray("samples")).hasSize(2);
        assertThat(run.sides().get(4).getAsJsonArray("samples")).hasSize(2);
        assertThat(run.json()).doesNotContain(folder.toString());
    }

    @Test
    void everyShapeIsAComparison() throws Exception {
        SuiteRun run = run("--shapes=2x8,1x4", "--rounds=1", "--peers=sdpa");

        assertThat(run.comparisons())
                .extracting(each -> each.get("title").getAsString())
                .containsExactly("One training step: tiny, 2 × 8 tokens", "One training step: tiny, 1 × 4 tokens");
    }

    @Test
    void oneByOneEveryPeerHasItsOwnRoundsOfTheLibrary() throws Exception {
        SuiteRun run = run("--together=two", "--peers=floor,sdpa", "--rounds=1");

        assertThat(run.sides().get(1).getAsJsonArray("reference")).hasSize(1);
    }

    @Test
    void theLibraryIsComparedWithItselfWithSomethingLeftOut() throws Exception {
        SuiteRun run = run("--peers=whole,plain", "--rounds=1");

        assertThat(run.text())
                .contains(
                        "|  | bert-finetune | bert-finetune, whole last layer | bert-finetune on ONNX Runtime alone |");
        assertThat(run.sides())
                .allSatisfy(side -> assertThat(side.getAsJsonArray("samples")).hasSize(1));
    }

    @Test
    void aPrecisionThatIsNotThereIsNotRun() throws Exception {
        SuiteRun run = run("--precision=float16");

        assertThat(run.text()).contains("- bert-finetune, float16: not run; FLOAT16 on cpu: ");
    }

    @Test
    void aPythonThatDoesNotStartIsNamed() {
        String nothing = folder.resolve("no-python").toString();

        assertThatExceptionOfType(SideException.class)
                .isThrownBy(() -> run("--python=" + nothing))
                .withMessageStartingWith("python " + nothing + " does not start");
    }

    @Test
    void aSideThatEndsSaysWhatItWroteLast() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Contestant peer = new Contestant("a peer", List.of(java, "NoSuchClass"), 1, false);

        assertThatExceptionOfType(SideException.class)
                .isThrownBy(() -> Side.start(peer, folder.resolve("log")))
                .withMessageStartingWith("a peer ended before it was ready: ")
                .withMessageContaining("NoSuchClass");
    }

    private SuiteRun run(String... more) throws Exception {
        return SuiteRun.of(
                CompareStep.suite(),
                folder,
                Stream.concat(TINY.stream(), Stream.of(more)).toArray(String[]::new));
    }
}
