package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.ThisJvm;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.SaveStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime ends with the JVM, but not before the step in progress has. */
@Tag("long")
@EnabledOnOs({OS.LINUX, OS.MAC})
class SigtermOnEngineTest {
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void aRunThatASigtermEndedGoesOnToTheSameBytes() throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(run(whole, "never")).isZero();
        Path parts = folder.resolve("parts");
        assertThat(run(parts, "5")).as(output(parts)).isEqualTo(TERMINATED);
        assertThat(parts.resolve("model")).doesNotExist();

        assertThat(run(parts, "never")).as(output(parts)).isZero();

        assertThat(parts.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(whole.resolve("model/model.safetensors"));
        assertThat(output(parts)).containsPattern("going on with [1-9]");
    }

    private static int run(Path outputDir, String when) throws IOException, InterruptedException {
        Files.createDirectories(outputDir);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:ErrorFile=" + outputDir.resolve("hs_err.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Run.class.getName(),
                        outputDir.toString(),
                        when)
                .redirectErrorStream(true)
                .redirectOutput(outputDir.resolve("output.txt").toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("The child JVM hangs: " + output(outputDir));
        }
        return process.exitValue();
    }

    private static String output(Path outputDir) throws IOException {
        return Files.readString(outputDir.resolve("output.txt"));
    }

    /** One run in a JVM of its own that sends itself a SIGTERM at a step, and works on while that is on its way. */
    static final class Run {
        private Run() {}

        public static void main(String[] args) {
            Path outputDir = Path.of(args[0]);
            try (Model<Text, String, Classification> model = Models.withDropout()) {
                var trainer = Trainer.builder()
                        .model(model)
                        .trainDataset(Dataset.of(Models.examples(30, "no", "yes")))
                        .perDeviceTrainBatchSize(4)
                        .gradientAccumulationSteps(3)
                        .maxSteps(150)
                        .learningRate(1e-3)
                        .outputDir(outputDir)
                        .saveStrategy(SaveStrategy.NO)
                        .enableJitCheckpoint(true)
                        .callbacks(new TrainerCallback() {
                            @Override
                            public void onTrainBegin(TrainerState state, TrainerControl control) {
                                System.out.println("going on with " + state.globalStep());
                            }

                            @Override
                            public void onStepBegin(TrainerState state, TrainerControl control) {
                                if (Long.toString(state.globalStep()).equals(args[1])) {
                                    ThisJvm.terminate();
                                }
                            }
                        })
                        .build();
                trainer.resumeLatest();
                model.saveWeights(outputDir.resolve("model"));
            }
        }
    }
}
