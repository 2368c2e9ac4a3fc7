package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Native memory does not grow. Resident memory is read from Linux's {@code /proc}; elsewhere the test is skipped. */
@Tag("long")
class MemoryTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path JAR = Path.of("target", "models", "all-minilm-l6-v2.jar");
    private static final int MEGABYTE = 1 << 20;

    @BeforeAll
    static void onLinux() {
        assumeThat(Files.exists(STATUS)).as("Linux's " + STATUS).isTrue();
    }

    @Test
    void fiveHundredStepsOfChangingLengthsKeepTheirMemory() throws IOException, InterruptedException {
        assertThat(growth("steps")).isLessThan(24L * MEGABYTE);
    }

    @Test
    void fiftySessionsLeaveNothingBehind() throws IOException, InterruptedException {
        assertThat(growth("sessions")).isLessThan(24L * MEGABYTE);
    }

    @Test
    void fiftyModelsLeaveNothingBehind() throws IOException, InterruptedException {
        assertThat(growth("models")).isLessThan(24L * MEGABYTE);
    }

    @Test
    void miniLmTrainsWithAHeapOf256Megabytes() throws IOException, InterruptedException {
        assumeThat(Files.exists(JAR))
                .as("MiniLM at " + JAR + ", copied there by the Maven build")
                .isTrue();
        String output = inChild(List.of("-Xmx256m"), SmallHeap.class, JAR.toString());

        assertThat(output).contains("three steps");
    }

    /**
     * By how many bytes the resident memory of a virtual machine grows while it does again what it has done once. Its
     * heap is touched whole before, and its compiler needs little: what grows is native.
     */
    private static long growth(String what) throws IOException, InterruptedException {
        String output = inChild(
                List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1"), Growth.class, what);
        return Long.parseLong(output.lines()
                .filter(line -> line.startsWith("grown "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output))
                .substring("grown ".length()));
    }

    private static String inChild(List<String> options, Class<?> main, String argument)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), argument));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(output).isZero();
        return output;
    }

    /** Does something until memory has settled, does it again, and prints what that added. */
    static final class Growth {
        private Growth() {}

        public static void main(String[] args) throws IOException {
            switch (args[0]) {
                case "steps" -> {
                    try (Model<Text, String, Classification> model = Models.withDropout();
                            TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
                        Random random = new Random(1);
                        report(() -> steps(session, random, 500));
                    }
                }
                case "sessions" -> {
                    try (Model<Text, String, Classification> model = Models.withDropout()) {
                        report(() -> openAndClose(model, 50));
                    }
                }
                case "models" -> report(() -> openAndPredict(50));
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void report(Runnable work) throws IOException {
            work.run();
            long before = resident();
            work.run();
            System.out.println("grown " + (resident() - before));
        }
    }

    /** Trains MiniLM for three steps of 16 × 128 tokens. */
    static final class SmallHeap {
        private SmallHeap() {}

        public static void main(String[] args) {
            try (Model<Text, String, Classification> model =
                            Bert.fromPretrained(Path.of(args[0])).load(SequenceClassification.of("no", "yes"));
                    TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
                for (int i = 0; i < 3; i++) {
                    session.forwardBackward(batch(16, 128, new Random(i)));
                    session.clipGradNorm(1.0);
                    session.step(1e-4);
                    session.zeroGrad();
                }
                System.out.println(
                        "three steps with a heap of " + Runtime.getRuntime().maxMemory() / MEGABYTE + " MB");
            }
        }
    }

    private static void openAndPredict(int times) {
        for (int i = 0; i < times; i++) {
            try (Model<Text, String, Classification> model = Models.withDropout()) {
                assertThat(model.predict(Text.of("once")).label()).isNotEmpty();
            }
        }
    }

    private static void openAndClose(Model<Text, String, Classification> model, int times) {
        for (int i = 0; i < times; i++) {
            try (TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
                steps(session, new Random(i), 2);
            }
        }
    }

    private static void steps(TrainingSession<Example<Text, String>> session, Random random, int count) {
        for (int i = 0; i < count; i++) {
            session.forwardBackward(batch(1 + random.nextInt(8), 2 + random.nextInt(62), random));
            session.clipGradNorm(1.0);
            session.step(1e-5);
            session.zeroGrad();
        }
    }

    private static Batch<Example<Text, String>> batch(int size, int length, Random random) {
        long[] ones = new long[size * length];
        Arrays.fill(ones, 1);
        return new Batch<>(
                Collections.nCopies(size, Example.of(Text.of("random tokens"), "no")),
                Map.of(
                        "input_ids",
                                Tensor.ofLongs(
                                        random.longs(ones.length, 5, 1000).toArray(), size, length),
                        "attention_mask", Tensor.ofLongs(ones, size, length),
                        "token_type_ids", Tensor.ofLongs(new long[ones.length], size, length),
                        "labels", Tensor.ofLongs(random.longs(size, 0, 2).toArray(), size)));
    }

    private static SessionOptions options() {
        return SessionOptions.of(AdamW.defaults());
    }

    /** Resident memory in bytes, after the collector has run. */
    private static long resident() throws IOException {
        System.gc();
        List<String> lines = Files.readAllLines(STATUS);
        String line =
                lines.stream().filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
}
