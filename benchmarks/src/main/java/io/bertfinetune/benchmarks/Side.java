package io.bertfinetune.benchmarks;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One side of a comparison: a process that takes one training step whenever it is sent a line, and else waits. It answers
 * with one JSON object a line, the first when it is ready.
 */
final class Side implements AutoCloseable {
    private static final int LINES_SHOWN = 5;
    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .create();

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
        this.ready = answer("before it was ready", Ready.class);
    }

    /**
     * What a side says of itself when it is ready.
     *
     * @param firstLoss the loss of the first batch before any training, without dropout
     * @param threads with how many threads it computes
     * @param versions of what it runs on
     */
    record Ready(double firstLoss, int threads, Map<String, String> versions) {}

    /**
     * What a side says of a step.
     *
     * @param ms how long it took, in milliseconds
     * @param loss the loss before the update
     */
    record Step(double ms, double loss) {}

    /**
     * Starts a side and waits until it is ready.
     *
     * @param log where to keep what it writes to standard error
     * @throws SideException if it ends before that
     */
    static Side start(String name, List<String> command, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().put("HF_HUB_OFFLINE", "1");
        try {
            Process process = builder.start();
            try {
                return new Side(name, process, log);
            } catch (SideException e) {
                process.destroy();
                throw e;
            }
        } catch (IOException e) {
            throw new SideException(name + " does not start: " + e.getMessage(), e);
        }
    }

    String name() {
        return name;
    }

    Ready ready() {
        return ready;
    }

    /**
     * Takes one step.
     *
     * @throws SideException if it ends instead
     */
    Step step() {
        try {
            requests.write("step\n");
            requests.flush();
        } catch (IOException e) {
            throw new SideException(name + " ended" + lastLines(), e);
        }
        return answer("in a step", Step.class);
    }

    /** How long it has used processors so far, over all its threads; zero where the system does not tell. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private <T> T answer(String when, Class<T> type) {
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
