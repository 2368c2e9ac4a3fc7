package io.bertfinetune.ort.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class HugePagesTest {
    private static final int MB = 1 << 20;

    @Test
    void largeMemoryIsToHaveThem() throws IOException {
        assumeThat(Path.of("/sys/kernel/mm/transparent_hugepage"))
                .as("the system knows huge pages")
                .exists();
        HostMemory memory = HostMemory.allocate(64L * MB);
        try {
            assertThat(flagsAt(memory.address() + 32L * MB)).contains("hg");
        } finally {
            memory.close();
        }
    }

    @Test
    void whatFillsNoneIsLeftAlone() throws IOException {
        HostMemory memory = HostMemory.allocate(MB);
        try {
            assertThat(flagsAt(memory.address())).isNotEmpty().doesNotContain("hg");
        } finally {
            memory.close();
        }
    }

    /** The {@code VmFlags} of the mapping that an address is in. */
    private static List<String> flagsAt(long address) throws IOException {
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                String[] range = line.split("[- ]");
                inside = new BigInteger(range[0], 16).longValue() <= address
                        && address < new BigInteger(range[1], 16).longValue();
            } else if (inside && line.startsWith("VmFlags:")) {
                return List.of(line.substring("VmFlags:".length()).strip().split(" "));
            }
        }
        return List.of();
    }
}
