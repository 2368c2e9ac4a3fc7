package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.EvalResult;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training with products of bfloat16 on the processor, through the public door. */
class Bf16TrainingTest {
    private static final List<Example<Text, String>> EXAMPLES = Models.examples(26, "no", "yes");

    @TempDir
    private Path folder;

    @BeforeEach
    void there() {
        assumeThat(Device.cpu().missingFor(Precision.BFLOAT16))
                .as("products of bfloat16 on this processor")
                .isEmpty();
    }

    @Test
    void gradientsAreAsCloseAsThoseOfPyTorchsAutocast() {
        JsonObject autocast = Golden.json("golden/bf16.json").getAsJsonObject("tiny");
        double squares = 0;
        double differences = 0;
        try (Golden golden = Golden.open("golden/tiny_bert/parity.safetensors");
                Model<Text, String, Classification> model = Models.withoutDropout();
                TrainingSession<Example<Text, String>> session =
                        model.startTraining(options().weightDecay(0))) {
            OrtTrainingSession<Example<Text, String>> own = (OrtTrainingSession<Example<Text, String>>) session;

            own.forwardBackward(golden.batch(""));

            for (ParameterInfo parameter : model.parameters()) {
                float[] expected = golden.floats("grad." + parameter.name());
                squares += Math.pow(Norms.norm(expected), 2);
                differences += Math.pow(Norms.distance(own.gradient(parameter.name()), expected), 2);
            }
        }

        assertThat(Math.sqrt(differences / squares))
                .as("relative distance of all gradients together")
                .isLessThanOrEqualTo(autocast.get("distance").getAsDouble())
                .isGreaterThan(1e-5);
    }

    @Test
    void anEvaluationIsAsCloseAsOneUnderPyTorchsAutocast() {
        JsonObject autocast = Golden.json("golden/bf16.json").getAsJsonObject("tiny");
        try (Golden golden = Golden.open("golden/tiny_bert/parity.safetensors");
                Model<Text, String, Classification> model = Models.withoutDropout()) {
            Batch<Example<Text, String>> batch = golden.batch("");

            double[] whole = scores(model.evaluate(batch));
            double[] rounded = scores(model.evaluate(batch, Precision.BFLOAT16));

            assertThat(distance(rounded, whole))
                    .as("relative distance of the logits")
                    .isLessThanOrEqualTo(
                            autocast.getAsJsonObject("logits").get("distance").getAsDouble())
                    .isGreaterThan(1e-5);
            assertThat(scores(model.evaluate(batch))).containsExactly(whole);
        }
    }

    /** Logits above the first of their example. */
    private static double[] scores(EvalResult<Classification> result) {
        return result.predictions().stream()
                .flatMapToDouble(prediction -> {
                    double[] p = prediction.probabilities().values().stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray();
                    return Arrays.stream(p).map(each -> Math.log(each / p[0]));
                })
                .toArray();
    }

    private static double distance(double[] found, double[] expected) {
        double squares = 0;
        double differences = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += expected[i] * expected[i];
            differences += Math.pow(found[i] - expected[i], 2);
        }
        return Math.sqrt(differences / squares);
    }

    /** On the same sampled gradients, of the first 200 or so of each parameter. */
    @Test
    @Tag("long")
    void gradientsOfMiniLmAreAsCloseAsThoseOfPyTorchsAutocast() {
        Path jar = Path.of("target", "models", "all-minilm-l6-v2.jar");
        assumeThat(Files.exists(jar))
                .as("MiniLM at " + jar + ", copied there by the Maven build with -Plong")
                .isTrue();
        JsonObject autocast = Golden.json("golden/bf16.json").getAsJsonObject("minilm");
        double squares = 0;
        double differences = 0;
        try (Golden golden = Golden.open("golden/minilm/parity.safetensors");
                Model<Text, String, Classification> loaded =
                        Bert.fromPretrained(jar).load(SequenceClassification.of("0", "1"))) {
            OrtModel<Text, String, Classification> model = (OrtModel<Text, String, Classification>) loaded;
            try (OrtTrainingSession<Example<Text, String>> session = MiniLmParityTest.start(model, options())) {
                session.forwardBackward(golden.batch(""));
                for (ParameterInfo parameter : model.parameters()) {
                    String grad = "grad." + parameter.name();
                    float[] expected = golden.floats(grad + ".sample");
                    float[] found =
                            MiniLmParityTest.at(session.gradient(parameter.name()), golden.longs(grad + ".index"));
                    squares += Math.pow(Norms.norm(expected), 2);
                    differences += Math.pow(Norms.distance(found, expected), 2);
                }
            }
        }

        assertThat(Math.sqrt(differences / squares))
                .as("relative distance of the sampled gradients together")
                .isLessThanOrEqualTo(autocast.get("distance").getAsDouble())
                .isGreaterThan(1e-5);
    }

    @Test
    void aResumedRunEndsWithTheSameBytes() throws IOException {
        byte[] whole = run("whole", trainer -> trainer.train());

        byte[] resumed =
                run("resumed", trainer -> trainer.resume(folder.resolve("whole").resolve("checkpoint-5")));

        assertThat(resumed).isEqualTo(whole);
    }

    @Test
    void bfloat16IsNotFloat32() throws IOException {
        byte[] rounded = run("bf16", trainer -> trainer.train());

        byte[] whole = run("float32", false, trainer -> trainer.train());

        assertThat(rounded).isNotEqualTo(whole);
    }

    @Test
    void trainersSideBySideEndAsEachAlone() throws Exception {
        byte[] alone = run("alone", trainer -> trainer.train());
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Callable<byte[]> first = () -> run("first", trainer -> trainer.train());
            Callable<byte[]> second = () -> run("second", trainer -> trainer.train());

            for (Future<byte[]> each : pool.invokeAll(List.of(first, second))) {
                assertThat(each.get()).isEqualTo(alone);
            }
        } finally {
            pool.shutdown();
        }
    }

    /**
     * In a JVM of its own whose heap lies in memory from the start, whose compiler needs little, and whose allocator
     * gives back what is free before each count: what grows there is memory that the steps keep.
     */
    @Test
    @Tag("long")
    void thousandsOfStepsTakeNoMoreMemory() throws IOException {
        assumeThat(Files.exists(Path.of("/proc/self/statm"))).isTrue();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Steps.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output).containsPattern("pages more: -?[0-9]+");
        long more = Long.parseLong(output.replaceAll("(?s).*pages more: (-?[0-9]+).*", "$1"));
        assertThat(more).as("pages of 4096 bytes more in memory").isLessThan(1500);
    }

    /** Lengths change with every step, as they do where batches are padded to their longest. */
    static final class Steps {
        private Steps() {}

        public static void main(String[] args) throws IOException {
            try (Model<Text, String, Classification> model = Models.withDropout();
                    TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
                steps(model, session, 1000);
                long before = residentPages();
                steps(model, session, 3000);
                System.out.println("pages more: " + (residentPages() - before));
            }
        }
    }

    private static void steps(
            Model<Text, String, Classification> model, TrainingSession<Example<Text, String>> session, int count) {
        for (int i = 0; i < count; i++) {
            String text = "a ".repeat(1 + i * 7 % 61);
            int size = 1 + i * 5 % 9;
            List<Example<Text, String>> some = java.util.Collections.nCopies(size, Example.of(Text.of(text), "yes"));
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(some);
            session.forwardBackward(batch);
            session.step(1e-5);
            session.zeroGrad();
        }
    }

    private static long residentPages() throws IOException {
        System.gc();
        NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(new Object[] {new NativeLong(0)});
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]);
    }

    private byte[] run(String name, Consumer<Trainer<Text, String, Classification>> start) throws IOException {
        return run(name, true, start);
    }

    private byte[] run(String name, boolean bf16, Consumer<Trainer<Text, String, Classification>> start)
            throws IOException {
        try (Model<Text, String, Classification> model =
                Bert.fromPretrained(Golden.path("tiny_bert")).load(SequenceClassification.of("no", "yes"))) {
            start.accept(Trainer.builder()
                    .model(model)
                    .trainDataset(Dataset.of(EXAMPLES))
                    .perDeviceTrainBatchSize(4)
                    .numTrainEpochs(2)
                    .learningRate(1e-3)
                    .bf16(bf16)
                    .outputDir(folder.resolve(name))
                    .saveSteps(5)
                    .saveTotalLimit(0)
                    .build());
            model.save(folder.resolve(name));
            return Files.readAllBytes(folder.resolve(name).resolve("model.safetensors"));
        }
    }

    private static SessionOptions options() {
        return SessionOptions.of(AdamW.defaults()).precision(Precision.BFLOAT16);
    }
}
