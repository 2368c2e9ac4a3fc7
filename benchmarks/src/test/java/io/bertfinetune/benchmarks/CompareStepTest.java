package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareStepTest {
    private static final List<String> TINY =
            List.of("--model=tiny", "--batch=2", "--length=8", "--rounds=2", "--threads=1");

    @Test
    void withoutPythonTheLibraryRunsAlone(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("steps.json");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        run(out, "--json=" + json);

        var sides =
                JsonParser.parseString(Files.readString(json)).getAsJsonObject().getAsJsonArray("sides");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("|  | bert-finetune | PyTorch SDPA | PyTorch eager |")
                .contains(" | not run | not run |")
                .doesNotContain(folder.toString());
        assertThat(sides.get(0).getAsJsonObject().getAsJsonArray("samples")).hasSize(2);
        assertThat(Files.readString(json)).doesNotContain(folder.toString());
    }

    @Test
    void aPeerThatDoesNotStartIsNamed(@TempDir Path folder) {
        String nothing = folder.resolve("no-python").toString();

        assertThatExceptionOfType(SideException.class)
                .isThrownBy(() ->
                        run(OutputStream.nullOutputStream(), "--python=" + nothing, "--json=" + folder.resolve("x")))
                .withMessageStartingWith("PyTorch SDPA does not start");
    }

    @Test
    void aSideThatEndsSaysWhatItWroteLast(@TempDir Path folder) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        assertThatExceptionOfType(SideException.class)
                .isThrownBy(() -> Side.start("a peer", List.of(java, "NoSuchClass"), folder.resolve("log")))
                .withMessageStartingWith("a peer ended before it was ready: ")
                .withMessageContaining("NoSuchClass");
    }

    private static void run(OutputStream out, String... more) throws Exception {
        String[] flags = Stream.concat(TINY.stream(), List.of(more).stream()).toArray(String[]::new);
        CompareStep.suite()
                .program()
                .run(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                        flags);
    }
}
