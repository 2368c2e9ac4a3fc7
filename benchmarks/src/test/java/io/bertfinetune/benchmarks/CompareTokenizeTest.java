package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTokenizeTest {
    @Test
    void theTokensOfRealTextsAreCounted(@TempDir Path folder) throws Exception {
        Path data = Files.createDirectories(folder.resolve("sst2"));
        Files.write(data.resolve("stsa.binary.train"), List.of("1 word7 word8 word9", "0 word7"));

        SuiteRun run = SuiteRun.of(
                CompareTokenize.suite(),
                folder,
                "--model=tiny",
                "--data=" + folder,
                "--texts=2",
                "--rounds=1",
                "--threads=1");

        double tokens =
                run.sides().get(0).getAsJsonObject("facts").get("tokens").getAsDouble();
        assertThat(tokens).isEqualTo(3 + 1 + 2 * 2); // [CLS] and [SEP] around each
        assertThat(run.ownMedian("tokens_per_second")).isPositive();
    }
}
