package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareEpochTest {
    @TempDir
    private Path folder;

    @Test
    void theFirstRowsAreTrainedOn() throws Exception {
        Path data = Files.createDirectories(folder.resolve("cola"));
        List<String> lines = Collections.nCopies(5, "gj04\t1\t\tSaid \"word7\", word8.");
        Files.write(data.resolve("in_domain_train.tsv"), lines);
        Files.write(data.resolve("in_domain_dev.tsv"), lines);

        SuiteRun run = run("--corpora=cola", "--rows=4");

        assertThat(run.text()).contains("4 texts to train on and 5 to be evaluated on, in batches of 2");
        assertThat(run.text())
                .contains("One epoch of CoLA in random order: tiny", "One epoch of CoLA grouped by length: tiny")
                .contains("- HF Trainer, dynamic padding: not run");
        assertThat(run.ownMedian("run_s")).isGreaterThan(run.ownMedian("train_s"));
    }

    @Test
    void dataThatIsNotThereIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("--corpora=sst2"))
                .withMessageContaining("stsa.binary.train, expected a folder with sst2/stsa.binary.train");
    }

    private SuiteRun run(String... more) throws Exception {
        String[] flags = new String[more.length + 6];
        List<String> usual = List.of(
                "--model=tiny", "--data=" + folder, "--batch=2", "--max-length=16", "--rounds=1", "--threads=1");
        usual.toArray(flags);
        System.arraycopy(more, 0, flags, usual.size(), more.length);
        return SuiteRun.of(CompareEpoch.suite(), folder, flags);
    }
}
