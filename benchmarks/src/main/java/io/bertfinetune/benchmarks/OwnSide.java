package io.bertfinetune.benchmarks;

import ai.onnxruntime.OrtEnvironment;
import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * This library as a {@link Side}: a Java process of its own, asked as its peers are, that sees as many processors as it is
 * to have threads.
 */
final class OwnSide {
    static final String NAME = "bert-finetune";

    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .create();

    private OwnSide() {}

    /** The command that starts it, on the classes of this program. */
    static List<String> command(StepWork work, Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ActiveProcessorCount=" + work.threads(),
                "-cp",
                System.getProperty("java.class.path"),
                OwnSide.class.getName(),
                folder.toString());
    }

    /** Takes a step for each line it reads. */
    public static void main(String... args) throws IOException {
        try (OwnTraining training = OwnTraining.open(Path.of(args[0]));
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            int threads = Runtime.getRuntime().availableProcessors();
            answer(new Side.Ready(training.firstLoss(), threads, versions()));
            while (requests.readLine() != null) {
                long start = System.nanoTime();
                double loss = training.step();
                answer(new Side.Step((System.nanoTime() - start) / 1e6, loss));
            }
        }
    }

    private static void answer(Object answer) {
        System.out.println(GSON.toJson(answer));
        System.out.flush();
    }

    private static Map<String, String> versions() {
        String own = Optional.ofNullable(OwnSide.class.getPackage().getImplementationVersion())
                .orElse("from classes");
        return Map.of(
                NAME,
                own,
                "java",
                Runtime.version().toString(),
                "onnxruntime",
                OrtEnvironment.getEnvironment().getVersion());
    }
}
