package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the numbers were measured on.
 *
 * @param processor its model, as the system names it
 * @param cores how many processors the system sees
 * @param flags the instructions it has of those that decide how fast matrix products are
 * @param without those it does not have
 * @param system the operating system and architecture
 */
record Machine(String processor, int cores, List<String> flags, List<String> without, String system) {
    private static final List<String> X86 =
            List.of("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_bf16");
    private static final List<String> ARM = List.of("asimd", "asimdhp", "sve", "i8mm", "bf16");

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String NOT_KNOWN = "not known";

    /** Keeps the lists. */
    Machine {
        flags = List.copyOf(flags);
        without = List.copyOf(without);
    }

    /** This one. */
    static Machine here() {
        List<String> lines = List.of();
        try {
            lines = Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : lines;
        } catch (IOException e) {
            // Then the model is not known.
        }
        return of(
                lines,
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }

    /** Reads the lines of {@code /proc/cpuinfo}. */
    static Machine of(List<String> cpuInfo, int cores, String system, String architecture) {
        List<String> interesting = architecture.equals("aarch64") ? ARM : X86;
        Set<String> all = Set.copyOf(Arrays.asList(field(cpuInfo, "flags")
                .or(() -> field(cpuInfo, "Features"))
                .orElse("")
                .split(" ")));
        return new Machine(
                field(cpuInfo, "model name").orElse(NOT_KNOWN),
                cores,
                interesting.stream().filter(all::contains).toList(),
                interesting.stream().filter(flag -> !all.contains(flag)).toList(),
                system + " " + architecture);
    }

    private static Optional<String> field(List<String> cpuInfo, String name) {
        return cpuInfo.stream()
                .map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2 && parts[0].strip().equals(name))
                .map(parts -> parts[1].strip())
                .findFirst();
    }
}
