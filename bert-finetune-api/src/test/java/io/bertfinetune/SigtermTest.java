package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.error.TerminatedException;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.SaveStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class SigtermTest {
    /** What a JVM that a SIGTERM ended has for a status. */
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void theStepIsFinishedACheckpointSavedAndTheRunGoesOnToTheSameBytes() throws Exception {
        LinearModel model = model();
        builder(model, folder.resolve("whole")).build().train();
        model.saveWeights(folder.resolve("whole"));

        int exit = child("5", folder.resolve("run"));

        assertThat(exit).as(output()).isEqualTo(TERMINATED);
        assertThat(output()).doesNotContain("train returned");
        List<Path> checkpoints = checkpoints(folder.resolve("run"));
        assertThat(checkpoints).hasSize(1);
        LinearModel resumed = model();
        TrainOutput end = builder(resumed, folder.resolve("run")).build().resumeLatest();
        resumed.saveWeights(folder.resolve("run"));
        assertThat(resumed.trained).hasSizeBetween(1, 195);
        assertThat(end.globalStep()).isEqualTo(200);
        assertThat(folder.resolve("run/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
    }

    @Test
    void afterTheRunTheSignalEndsTheJvmAsEver() throws Exception {
        int exit = child("after", folder.resolve("run"));

        assertThat(exit).as(output()).isEqualTo(TERMINATED);
        assertThat(output()).contains("train returned").doesNotContain("finishing the step");
        assertThat(checkpoints(folder.resolve("run"))).isEmpty();
    }

    @Test
    void aRunBegunAfterTheSignalMakesNoStep() throws Exception {
        int exit = child("late", folder.resolve("run"));

        assertThat(exit).as(output()).isEqualTo(TERMINATED);
        assertThat(output()).contains("train ended: training was ended by SIGTERM after step 0 of 200");
    }

    @Test
    void unlessAskedForTheSignalEndsTheJvmAtOnce() throws Exception {
        int exit = child("plain", folder.resolve("run"));

        assertThat(exit).as(output()).isEqualTo(TERMINATED);
        assertThat(output()).doesNotContain("train ended", "train returned");
        assertThat(checkpoints(folder.resolve("run"))).isEmpty();
    }

    private int child(String when, Path outputDir) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        when,
                        outputDir.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The child JVM hangs: " + output());
        }
        return process.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.txt"));
    }

    private static List<Path> checkpoints(Path outputDir) throws IOException {
        if (!Files.isDirectory(outputDir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(outputDir)) {
            return files.filter(path -> path.getFileName().toString().startsWith("checkpoint-"))
                    .toList();
        }
    }

    private static LinearModel model() {
        return Numbers.model().momentum(0.9);
    }

    /** 200 steps that save nothing by themselves. */
    private static Trainer.Builder<Text, String, Classification> builder(LinearModel model, Path outputDir) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Numbers.signs(20))
                .perDeviceTrainBatchSize(4)
                .maxSteps(200)
                .learningRate(0.1)
                .outputDir(outputDir)
                .saveStrategy(SaveStrategy.NO);
    }

    /** A run in a JVM of its own that sends itself a SIGTERM. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            String when = args[0];
            Sigterm earlier = when.equals("late") ? Sigterm.listen() : Sigterm.ignored();
            if (when.equals("late")) {
                ThisJvm.terminate();
                while (!earlier.isHeard()) {
                    pause(1);
                }
            }
            try {
                builder(model(), Path.of(args[1]))
                        .enableJitCheckpoint(!when.equals("plain"))
                        .callbacks(new TrainerCallback() {
                            @Override
                            public void onStepBegin(TrainerState state, TrainerControl control) {
                                if (state.globalStep() == 5 && !when.equals("after") && !when.equals("late")) {
                                    ThisJvm.terminate();
                                }
                                pause(when.equals("after") ? 0 : 20);
                            }
                        })
                        .build()
                        .train();
                System.out.println("train returned");
                if (when.equals("after")) {
                    ThisJvm.terminate();
                }
            } catch (TerminatedException e) {
                System.out.println("train ended: " + e.getMessage());
            }
            earlier.close();
            pause(30_000); // the signal ends this
        }

        private static void pause(int milliseconds) {
            try {
                Thread.sleep(milliseconds);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
