package io.bertfinetune.benchmarks;

import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long a training step takes on a device, in one precision. It leaves the folder of its work, so that
 * {@code device_peer.py} can take the same steps with PyTorch.
 */
final class DeviceStep {
    private static final int WARMUP = 5;

    private static final List<Option> OPTIONS = List.of(
            new Option("work", "", "A folder for the weights and batches, to be made"),
            new Option("device", "cuda", "cuda or cpu"),
            new Option("precision", "float32", "That of the products: float32, tensor_float32, bfloat16 or float16"),
            new Option("model", "minilm", "minilm, base, large or tiny"),
            new Option("batch", "32", "How many examples make a step"),
            new Option("length", "128", "How many tokens each has"),
            new Option("steps", "30", "How many steps are measured, after " + WARMUP + " others"));

    private DeviceStep() {}

    static Suite suite() {
        return new Suite("device step", "one training step on a GPU", DeviceStep::run);
    }

    private static void run(PrintStream out, PrintStream err, String... flags) throws IOException {
        if (Arrays.stream(flags).anyMatch(Options::asksForHelp)) {
            out.println(Options.help(OPTIONS));
            return;
        }
        Options options = Options.parse(OPTIONS, flags);
        Path folder = Path.of(options.optional("work")
                .orElseThrow(() -> new IllegalArgumentException("work names no folder, expected one to be made")));
        Device device = device(options.text("device"));
        Precision precision = precision(options.text("precision"));
        int steps = options.whole("steps");
        StepWork work = StepWork.of(
                BertSize.of(options.text("model")),
                options.whole("batch"),
                options.whole("length"),
                Runtime.getRuntime().availableProcessors(),
                1);
        Files.createDirectories(folder);
        work.writeTo(folder);
        try (OwnTraining training = OwnTraining.open(folder, device, precision)) {
            out.println(measured(work, precision, steps, training));
        }
    }

    private static String measured(StepWork work, Precision precision, int steps, OwnTraining training) {
        for (int i = 0; i < WARMUP; i++) {
            training.step();
        }
        double[] ms = new double[steps];
        for (int i = 0; i < steps; i++) {
            long start = System.nanoTime();
            training.step();
            ms[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(ms);
        double median = ms[steps / 2];
        return String.format(
                Locale.ROOT,
                "{\"side\": \"bert-finetune\", \"model\": \"%s\", \"batch\": %d, \"length\": %d, \"precision\": \"%s\","
                        + " \"first_loss\": %.6f, \"median_ms\": %.3f, \"samples_per_second\": %.1f}",
                work.model().title(),
                work.batch(),
                work.length(),
                precision.name().toLowerCase(Locale.ROOT),
                training.firstLoss(),
                median,
                1000 * work.batch() / median);
    }

    private static Device device(String name) {
        return switch (name) {
            case "cuda" -> Device.cuda(0);
            case "cpu" -> Device.cpu();
            default -> throw new IllegalArgumentException("device is '" + name + "', expected cuda or cpu");
        };
    }

    private static Precision precision(String name) {
        return Arrays.stream(Precision.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "precision is '" + name + "', expected float32, tensor_float32, bfloat16 or float16"));
    }
}
