package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MetricsFilesTest {
    @TempDir
    private Path folder;

    @Test
    void eachSplitHasItsFileAndAllAreTogether() throws Exception {
        Path outputDir = folder.resolve("runs/first");
        var trainer = trainer(outputDir);

        trainer.saveMetrics("train", Metrics.of("train_loss", 0.5).with("epoch", 3));
        trainer.saveMetrics("eval", Metrics.of("eval_loss", 0.25).with("epoch", 4));

        assertThat(outputDir.resolve("train_results.json"))
                .hasContent("{\n    \"epoch\": 3.0,\n    \"train_loss\": 0.5\n}\n");
        assertThat(outputDir.resolve("eval_results.json"))
                .hasContent("{\n    \"epoch\": 4.0,\n    \"eval_loss\": 0.25\n}\n");
        assertThat(outputDir.resolve("all_results.json"))
                .hasContent("{\n    \"epoch\": 4.0,\n    \"eval_loss\": 0.25,\n    \"train_loss\": 0.5\n}\n");
    }

    @Test
    void whatIsNoResultIsNotOverwritten() throws Exception {
        for (String other : new String[] {"[1]", "{"}) {
            Files.writeString(folder.resolve("all_results.json"), other);

            assertThatThrownBy(() -> trainer(folder).saveMetrics("eval", Metrics.of("eval_loss", 1)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("all_results.json is no JSON object");
            assertThat(folder.resolve("all_results.json")).hasContent(other);
        }
    }

    @Test
    void numbersThatAreNoneStayNumbers() throws Exception {
        trainer(folder).saveMetrics("train", Metrics.of("a", Double.NaN).with("b", Double.NEGATIVE_INFINITY));
        trainer(folder).saveMetrics("eval", Metrics.of("eval_loss", 1));

        assertThat(folder.resolve("all_results.json"))
                .hasContent("{\n    \"a\": NaN,\n    \"b\": -Infinity,\n    \"eval_loss\": 1.0\n}\n");
    }

    @Test
    void aDiskThatFailsLeavesWhatWasThere() throws Exception {
        trainer(folder).saveMetrics("eval", Metrics.of("eval_loss", 1));
        Trainer<?, ?, ?> failing = Trainer.builder()
                .model(Numbers.model())
                .outputDir(folder)
                .files(new UnforcedFiles() {
                    @Override
                    public void write(Path file, byte[] content) throws IOException {
                        super.write(file, Arrays.copyOf(content, content.length / 2));
                        throw new IOException("disk full");
                    }
                })
                .build();

        assertThatThrownBy(() -> failing.saveMetrics("eval", Metrics.of("eval_loss", 2)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("disk full");

        assertThat(folder.resolve("all_results.json")).hasContent("{\n    \"eval_loss\": 1.0\n}\n");
        assertThat(folder).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // where a link needs a privilege
    void aFolderMayBeALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("real")));

        trainer(link).saveMetrics("eval", Metrics.of("eval_loss", 1));

        assertThat(folder.resolve("real/eval_results.json")).exists();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> trainer(file).saveMetrics("eval", Metrics.of("eval_loss", 1)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString());
    }

    private static Trainer<?, ?, ?> trainer(Path outputDir) {
        return Trainer.builder().model(Numbers.model()).outputDir(outputDir).build();
    }
}
