package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FromHuggingFaceTest {
    @TempDir
    private Path folder;

    @Test
    void itTrainsEvaluatesSavesAndPredicts() throws Exception {
        Path output = folder.resolve("run");

        List<String> printed = Printed.by(() -> FromHuggingFace.main(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString(),
                "--output", output.toString()));

        assertThat(printed)
                .anyMatch(line -> line.contains("eval_f1"))
                .last()
                .asString()
                .startsWith("Classification[");
        assertThat(output.resolve("model")).isDirectoryContaining("glob:**/model.safetensors");
    }
}
