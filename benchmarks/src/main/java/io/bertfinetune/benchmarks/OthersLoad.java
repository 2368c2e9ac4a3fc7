package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The share of a machine's processors that others used while a side worked: what Linux counts as busy in
 * {@code /proc/stat}, without the side's own. Elsewhere it is not known.
 */
final class OthersLoad {
    private static final Path STAT = Path.of("/proc/stat");

    private OthersLoad() {}

    /**
     * The processors' clock ticks since the machine started.
     *
     * @param busy spent on something, or taken by the machine's host
     * @param all busy or not
     * @param cores how many processors were counted
     */
    record Ticks(long busy, long all, int cores) {
        private static final int GUEST = 8; // already counted as user
        private static final int IDLE = 3;
        private static final int IO_WAIT = 4;

        /** The ticks now; empty where the system does not tell. */
        static Optional<Ticks> now() {
            try {
                return Files.isReadable(STAT) ? Optional.of(parse(Files.readAllLines(STAT))) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        /** Reads {@code /proc/stat}: user, nice, system, idle, iowait, irq, softirq, steal … of all processors together. */
        static Ticks parse(List<String> lines) {
            long[] ticks = Arrays.stream(lines.get(0).split(" +"))
                    .skip(1)
                    .limit(GUEST)
                    .mapToLong(Long::parseLong)
                    .toArray();
            long all = Arrays.stream(ticks).sum();
            long cores = lines.stream().filter(line -> line.matches("cpu\\d.*")).count();
            return new Ticks(all - ticks[IDLE] - ticks[IO_WAIT], all, Math.toIntExact(cores));
        }
    }

    /**
     * The share others used between two moments.
     *
     * @param own processor time of the side
     * @param wall time between the moments
     * @return 0 to 1; empty if it is not known
     */
    static OptionalDouble between(Optional<Ticks> before, Optional<Ticks> after, Duration own, Duration wall) {
        if (before.isEmpty() || after.isEmpty()) {
            return OptionalDouble.empty();
        }
        long all = after.get().all() - before.get().all();
        if (all <= 0 || own.isZero()) {
            return OptionalDouble.empty();
        }
        double busy = (after.get().busy() - before.get().busy()) / (double) all;
        double ownShare = own.toNanos() / ((double) wall.toNanos() * after.get().cores());
        return OptionalDouble.of(Math.min(1, Math.max(0, busy - ownShare)));
    }
}
