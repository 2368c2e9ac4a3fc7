package io.bertfinetune.optim;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** {@code golden/optimizers.json}: what PyTorch and transformers made of parameters on given gradients, in float64. */
public final class GoldenOptimizers {
    private static final File FILE = read();

    private record File(
            Map<String, List<Integer>> shapes,
            Map<String, double[]> initial,
            Map<String, List<double[]>> gradients,
            List<Case> cases) {}

    /**
     * One optimizer with its settings, and what came out.
     *
     * @param optimizer its name, that of the class here
     * @param after the parameters after some steps, by the number of the step
     */
    public record Case(
            String optimizer,
            double beta1,
            double beta2,
            double epsilon,
            double momentum,
            boolean nesterov,
            double clip_threshold,
            double decay_rate,
            double learning_rate,
            double weight_decay,
            Map<Integer, Map<String, double[]>> after) {
        /** The optimizer itself. */
        public Optimizer build() {
            return switch (optimizer) {
                case "AdamW" -> new AdamW(beta1, beta2, epsilon);
                case "Sgd" -> new Sgd(momentum, nesterov);
                case "Adafactor" -> new Adafactor(epsilon, clip_threshold, decay_rate);
                default -> throw new IllegalStateException(optimizer);
            };
        }

        @Override
        public String toString() {
            return build() + ", learning rate " + learning_rate + ", weight decay " + weight_decay;
        }
    }

    private GoldenOptimizers() {}

    /** Every case. */
    public static Stream<Case> cases() {
        return FILE.cases().stream();
    }

    /** The parameters. */
    public static List<ParameterInfo> parameters() {
        return FILE.shapes().entrySet().stream()
                .map(shape -> new ParameterInfo(shape.getKey(), shape.getValue()))
                .toList();
    }

    /** A parameter's numbers before the first step. */
    public static double[] initial(String parameter) {
        return Objects.requireNonNull(FILE.initial().get(parameter), parameter);
    }

    /** A parameter's gradients, one a step. */
    public static List<double[]> gradients(String parameter) {
        return Objects.requireNonNull(FILE.gradients().get(parameter), parameter);
    }

    private static File read() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(GoldenOptimizers.class.getResourceAsStream("/golden/optimizers.json")),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(reader, File.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
