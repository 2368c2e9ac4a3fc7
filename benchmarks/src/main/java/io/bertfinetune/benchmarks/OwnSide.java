package io.bertfinetune.benchmarks;

import ai.onnxruntime.OrtEnvironment;
import com.google.gson.Gson;
import io.bertfinetune.error.BertFineTuneException;
import io.bertfinetune.model.Device;
import io.bertfinetune.ort.training.OtherTraining;
import io.bertfinetune.ort.training.StartupParts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * This library as a {@link Side}: a Java process of its own, asked as its peers are, that sees as many processors as it is
 * to have threads.
 */
final class OwnSide {
    static final String NAME = "bert-finetune";

    private static final Gson GSON = new Gson();

    private OwnSide() {}

    /** The command that starts it, on the classes of this program. */
    static List<String> command(Path folder, int threads, List<String> jvm, String... work) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.add("-XX:ActiveProcessorCount=" + threads);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OwnSide.class.getName()));
        command.add(folder.toString());
        command.addAll(List.of(work));
        return command;
    }

    /**
     * Does its work once for each line it reads.
     *
     * @param args the folder of the work, its kind, and what the kind wants to know
     */
    public static void main(String... args) throws IOException {
        try (Work work = work(Path.of(args[0]), List.of(args).subList(1, args.length));
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            answer(new Side.Ready(Runtime.getRuntime().availableProcessors(), versions(), work.facts()));
            while (requests.readLine() != null) {
                answer(work.once());
            }
        } catch (BertFineTuneException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static Work work(Path folder, List<String> kind) {
        return switch (kind.get(0)) {
            case "step" -> OwnTraining.open(folder, Device.cpu(), Precisions.of(kind.get(1)));
            case "other-step" ->
                OwnTraining.open(folder, OtherTraining.valueOf(kind.get(1)), Precisions.of(kind.get(2)));
            case "products" -> new StepProducts(StepWork.read(folder));
            case "startup" ->
                switch (kind.get(1)) {
                    case "step" -> new StartupWork(folder, true);
                    case "predict" -> new StartupWork(folder, false);
                    default -> () -> StartupParts.of(folder);
                };
            case "predict" -> new PredictWork(folder);
            case "tokenize" -> new TokenizeWork(folder);
            case "epoch" -> new EpochWork(folder, kind.get(1), Precisions.of(kind.get(2)));
            default -> throw new IllegalArgumentException("no work '" + kind.get(0) + "'");
        };
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
