package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CompareMemoryTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void thePeakOfEveryProcessIsMeasured(@TempDir Path folder) throws Exception {
        SuiteRun run = SuiteRun.of(
                CompareMemory.suite(),
                folder,
                "--model=tiny",
                "--shapes=2x8",
                "--steps=2",
                "--rounds=1",
                "--threads=1",
                "--small-heap=64m");

        assertThat(run.text()).contains("| bert-finetune | bert-finetune, -Xmx64m | PyTorch SDPA |");
        assertThat(run.ownMedian("peak_mib")).isBetween(10.0, 4000.0);
    }

    @Test
    void thePeakIsReadFromAProcessStatus() {
        List<String> status = List.of("Name:\tjava", "VmPeak:\t 9000 kB", "VmHWM:\t 2048 kB", "VmRSS:\t 1024 kB");

        assertThat(Side.peakMiB(status)).hasValue(2);
        assertThat(Side.peakMiB(List.of())).isEmpty();
    }
}
