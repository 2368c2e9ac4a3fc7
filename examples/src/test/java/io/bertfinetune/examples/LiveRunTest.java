package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRunTest {
    @TempDir
    private Path folder;

    @Test
    void theRunLeavesAPageBesideTheModelAndItsCard() throws Exception {
        Path output = folder.resolve("output");
        List<String> printed = Printed.by(() -> LiveRun.main(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString(),
                "--output", output.toString(),
                "--epochs", "2"));

        assertThat(printed)
                .hasSize(2)
                .first()
                .asString()
                .matches("watch the run at http://127\\.0\\.0\\.1:[0-9]+/[A-Za-z0-9_-]+/");
        assertThat(output.resolve("run.html")).content().contains("\"phase\":\"finished\"", "\"name\":\"mails\"");
        assertThat(output.resolve("README.md"))
                .content()
                .contains("license: apache-2.0", "- num_epochs: 2.0", "      type: f1")
                .contains("- bert-finetune");
        assertThat(output.resolve("model.safetensors")).exists();
    }
}
