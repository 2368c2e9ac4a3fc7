package io.bertfinetune.benchmarks;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * One side of a comparison: a process that does its work once whenever it is sent a line, and else waits. It answers with
 * one JSON object a line, the first when it is ready.
 */
final class Side implements AutoCloseable {
    private static final int LINES_SHOWN = 5;
    private static final Gson GSON = new Gson();
    private static final TypeToken<Map<String, Double>> FIGURES = new TypeToken<>() {};

    private final String name;
    private final Process process;
    private final Path log;
    private final BufferedReader answers;
    private final Writer requests;
    private final Ready ready;

    private Side(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.ready = answer("before it was ready", TypeToken.get(Ready.class));
    }

    /**
     * What a side says of itself when it is ready.
     *
     * @param threads with how many threads it computes
     * @param versions of what it runs on
     * @param facts numbers by which it can be seen that all sides do the same
     */
    record Ready(int threads, Map<String, String> versions, Map<String, Double> facts) {}

    /**
     * Starts a side and waits until it is ready.
     *
     * @param log where to keep what it writes to standard error
     * @throws SideException if it ends before that, or computes with another number of threads
     */
    static Side start(Contestant contestant, Path log) {
        String name = contestant.name();
        ProcessBuilder builder = new ProcessBuilder(contestant.command()).redirectError(log.toFile());
        String threads = Integer.toString(contestant.threads());
        builder.environment()
                .putAll(Map.of("HF_HUB_OFFLINE", "1", "OMP_NUM_THREADS", threads, "RAYON_NUM_THREADS", threads));
        try {
            Process process = builder.start();
            try {
                Side side = new Side(name, process, log);
                if (side.ready.threads() != contestant.threads()) {
                    throw new SideException(name + " computes with " + side.ready.threads() + " threads, expected "
                            + contestant.threads());
                }
                return side;
            } catch (SideException e) {
                process.destroy();
                throw e;
            }
        } catch (IOException e) {
            throw new SideException(name + " does not start: " + e.getMessage(), e);
        }
    }

    Ready ready() {
        return ready;
    }

    /**
     * Lets it do its work once.
     *
     * @return what it measured, by key
     * @throws SideException if it ends instead
     */
    Map<String, Double> once() {
        try {
            requests.write("once\n");
            requests.flush();
        } catch (IOException e) {
            throw new SideException(name + " ended" + lastLines(), e);
        }
        return answer("at work", FIGURES);
    }

    /** How long it has used processors so far, over all its threads; zero where the system does not tell. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most memory it has held at once so far, in MiB; empty where the system does not tell. */
    OptionalDouble peakMiB() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try {
            return Files.isReadable(status) ? peakMiB(Files.readAllLines(status)) : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    /** Reads {@code VmHWM: 123 kB}, the peak resident set, of a process' {@code status}. */
    static OptionalDouble peakMiB(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst();
    }

    private <T> T answer(String when, TypeToken<T> type) {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new SideException(name + " ended " + when + lastLines());
            }
            return GSON.fromJson(line, type);
        } catch (IOException | JsonParseException e) {
            throw new SideException(name + " gave no answer " + when + lastLines(), e);
        }
    }

    private String lastLines() {
        try {
            process.waitFor(1, TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(log);
            return ": " + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Ends the process: it stops when there is nothing more to read. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            process.destroy(); // already ended, or will not listen
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
