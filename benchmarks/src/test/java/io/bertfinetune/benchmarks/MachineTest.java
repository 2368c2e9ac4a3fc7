package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void processorAndInstructionsAreRead() {
        List<String> cpuInfo = List.of("model name\t: AMD EPYC", "flags\t\t: fpu fpu avx2 avx512f avx512_bf16", "");

        Machine machine = Machine.of(cpuInfo, 2, "Linux", "amd64");

        assertThat(machine.processor()).isEqualTo("AMD EPYC");
        assertThat(machine.flags()).containsExactly("avx2", "avx512f", "avx512_bf16");
        assertThat(machine.without()).contains("amx_bf16");
        assertThat(machine.system()).isEqualTo("Linux amd64");
    }

    @Test
    void elsewhereTheProcessorIsNotKnown() {
        assertThat(Machine.of(List.of(), 8, "Mac OS X", "aarch64").processor()).isEqualTo("not known");
    }
}
