package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.Trainer;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Halts the JVM of a training run again and again, at random moments, and lets it go on each time. How often is the system
 * property {@code kills}, 200 unless set; the seed of the moments is {@code kills.seed}.
 */
@Tag("long")
class KilledRunsTest {
    private static final int KILLED = 99;

    @TempDir
    private Path folder;

    @Test
    void howeverOftenARunIsKilledItEndsWithTheSameBytes() throws IOException, InterruptedException {
        int wanted = Integer.getInteger("kills", 200);
        Random random = new Random(Long.getLong("kills.seed", 42L));
        Path whole = folder.resolve("whole");
        assertThat(run(whole, "never", 0)).isZero();
        Map<String, Integer> killedAt = new TreeMap<>();
        int kills = 0;
        int ends = 0;
        while (kills < wanted || ends == 0) {
            Path outputDir = folder.resolve("run-" + ends);
            for (int exit = KILLED; exit == KILLED; ) {
                boolean lastTry = kills >= wanted;
                String how = lastTry ? "never" : random.nextBoolean() ? "event" : "time";
                exit = run(outputDir, how, random.nextInt(how.equals("event") ? 60 : 400));
                if (exit == KILLED) {
                    kills++;
                    killedAt.merge(how, 1, Integer::sum);
                } else {
                    assertThat(exit).as(() -> output(outputDir)).isZero();
                }
            }
            ends++;
            assertThat(Files.readAllBytes(outputDir.resolve("model/model.safetensors")))
                    .isEqualTo(Files.readAllBytes(whole.resolve("model/model.safetensors")));
            assertThat(outputDir.resolve("log.txt")).hasSameTextualContentAs(whole.resolve("log.txt"));
            try (Stream<Path> left = Files.list(outputDir)) {
                assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
            }
        }
        System.out.println(kills + " kills " + killedAt + ", " + ends + " runs ended with the same bytes");
    }

    private static int run(Path outputDir, String how, int when) throws IOException, InterruptedException {
        Files.createDirectories(outputDir);
        Path natives = Files.createDirectory(outputDir.resolveSibling("natives")); // a killed JVM leaves them behind
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-Djava.io.tmpdir=" + natives,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Run.class.getName(),
                        outputDir.toString(),
                        how,
                        Integer.toString(when))
                .redirectErrorStream(true)
                .redirectOutput(outputDir.resolve("output.txt").toFile())
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("The child JVM hangs: " + output(outputDir));
        }
        delete(natives);
        return process.exitValue();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static String output(Path outputDir) {
        try {
            return Files.readString(outputDir.resolve("output.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** One run in a JVM of its own: goes on with what is there, until it is over or halted. */
    static final class Run {
        private Run() {}

        public static void main(String[] args) throws IOException {
            Path outputDir = Path.of(args[0]);
            int when = Integer.parseInt(args[2]);
            List<Example<Text, String>> examples = Models.examples(30, "no", "yes");
            try (Model<Text, String, Classification> model = Models.withDropout()) {
                var trainer = Trainer.builder()
                        .model(model)
                        .trainDataset(Dataset.of(examples))
                        .evalDataset(Dataset.of(examples.subList(0, 4)))
                        .evalStrategy(io.bertfinetune.training.IntervalStrategy.EPOCH)
                        .perDeviceTrainBatchSize(4)
                        .gradientAccumulationSteps(3)
                        .numTrainEpochs(4)
                        .learningRate(1e-3)
                        .outputDir(outputDir)
                        .saveSteps(1)
                        .saveTotalLimit(1)
                        .loggingSteps(2)
                        .callbacks(args[1].equals("event") ? haltingAt(when) : new TrainerCallback() {})
                        .build();
                if (args[1].equals("time")) {
                    haltAfter(when);
                }
                trainer.resumeLatest();
                model.saveWeights(outputDir.resolve("model"));
                StringBuilder log = new StringBuilder();
                trainer.state()
                        .logHistory()
                        .forEach(entry -> entry.values().forEach((name, value) -> {
                            if (!name.endsWith("_runtime") && !name.endsWith("_per_second")) {
                                log.append(name).append(' ').append(value).append('\n');
                            }
                        }));
                Files.writeString(outputDir.resolve("log.txt"), log);
            }
            Runtime.getRuntime().halt(0);
        }

        private static void haltAfter(int milliseconds) {
            Thread killer = new Thread(() -> {
                try {
                    Thread.sleep(milliseconds);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Runtime.getRuntime().halt(KILLED);
            });
            killer.setDaemon(true);
            killer.start();
        }

        /** Halts at the n-th of the events within and after steps, between micro-batches too. */
        private static TrainerCallback haltingAt(int event) {
            int[] left = {event + 1};
            Runnable count = () -> {
                if (--left[0] == 0) {
                    Runtime.getRuntime().halt(KILLED);
                }
            };
            return new TrainerCallback() {
                @Override
                public void onSubstepEnd(TrainerState state, TrainerControl control) {
                    count.run();
                }

                @Override
                public void onPreOptimizerStep(TrainerState state, TrainerControl control) {
                    count.run();
                }

                @Override
                public void onOptimizerStep(TrainerState state, TrainerControl control) {
                    count.run();
                }

                @Override
                public void onStepEnd(TrainerState state, TrainerControl control) {
                    count.run();
                }

                @Override
                public void onSave(TrainerState state, TrainerControl control, Path checkpoint) {
                    count.run();
                }
            };
        }
    }
}
