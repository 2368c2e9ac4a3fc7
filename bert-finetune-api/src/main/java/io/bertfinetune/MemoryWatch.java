package io.bertfinetune;

import com.google.common.util.concurrent.Uninterruptibles;
import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How much memory something takes; reported as Hugging Face's {@code TrainerMemoryTracker} does. */
final class MemoryWatch implements AutoCloseable {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long MILLISECONDS = 10;

    private final LongSupplier heap;
    private final Supplier<OptionalLong> resident;
    private final Thread sampler;
    private final long heapBefore;
    private final OptionalLong residentBefore;
    private long heapPeak;
    private long residentPeak;
    private volatile boolean closed;

    /** One that reports nothing. */
    static MemoryWatch off() {
        MemoryWatch watch = new MemoryWatch(() -> 0, OptionalLong::empty);
        watch.closed = true;
        return watch;
    }

    /** A watch that samples on a thread of its own. */
    static MemoryWatch start() {
        Runtime runtime = Runtime.getRuntime();
        MemoryWatch watch =
                new MemoryWatch(() -> runtime.totalMemory() - runtime.freeMemory(), MemoryWatch::residentBytes);
        watch.sampler.start();
        return watch;
    }

    /** A watch that reads memory here, whenever {@link #sample} is called. */
    MemoryWatch(LongSupplier heap, Supplier<OptionalLong> resident) {
        this.heap = heap;
        this.resident = resident;
        this.heapBefore = heap.getAsLong();
        this.residentBefore = resident.get();
        this.sampler = new Thread(this::sampleUntilClosed, "bert-finetune-memory");
        sampler.setDaemon(true);
    }

    private void sampleUntilClosed() {
        while (!closed) {
            sample();
            Uninterruptibles.sleepUninterruptibly(java.time.Duration.ofMillis(MILLISECONDS));
        }
    }

    synchronized void sample() {
        heapPeak = Math.max(heapPeak, heap.getAsLong());
        residentPeak = Math.max(residentPeak, resident.get().orElse(0));
    }

    /** Adds {@code <prefix>_mem_…} up to this moment. */
    synchronized Metrics report(Metrics numbers, String prefix) {
        if (closed) {
            return numbers;
        }
        sample();
        Metrics reported = numbers;
        OptionalLong residentNow = resident.get();
        if (residentNow.isPresent() && residentBefore.isPresent()) {
            reported = with(
                    reported, prefix + "_mem_cpu", residentBefore.getAsLong(), residentNow.getAsLong(), residentPeak);
        }
        return with(reported, prefix + "_mem_heap", heapBefore, heap.getAsLong(), heapPeak);
    }

    private static Metrics with(Metrics numbers, String name, long before, long now, long peak) {
        return numbers.with(name + "_alloc_delta", (double) (now - before))
                .with(name + "_peaked_delta", (double) Math.max(0, peak - now));
    }

    /** The resident memory of this process; empty where there is no such file. */
    private static OptionalLong residentBytes() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> 1024
                            * Long.parseLong(line.substring(RESIDENT.length())
                                    .replace("kB", "")
                                    .strip()))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
