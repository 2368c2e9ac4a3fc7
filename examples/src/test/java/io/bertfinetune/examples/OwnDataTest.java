package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnDataTest {
    @TempDir
    private Path folder;

    @Test
    void aStreamIsTrainedOnForANumberOfSteps() throws Exception {
        List<String> printed =
                Printed.by(() -> OwnData.main("--model", TinyBert.in(folder).toString(), "--steps", "5"));

        assertThat(printed)
                .startsWith("training 5 steps, batches of 16")
                .last()
                .asString()
                .contains("eval_accuracy");
    }

    @Test
    void aStreamIsReadAgainWhenItEnds() throws Exception {
        List<String> printed =
                Printed.by(() -> OwnData.main("--model", TinyBert.in(folder).toString(), "--steps", "70"));

        assertThat(printed).anyMatch(line -> line.startsWith("trained 70 steps"));
    }
}
