package io.bertfinetune.examples;

import io.bertfinetune.examples.HandWrittenLoop.Epoch;
import io.bertfinetune.examples.LoopReport.Run;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The pictures of part 3 of the workshop, as SVG. */
final class LoopPictures {
    private static final int WIDTH = 720;

    private LoopPictures() {}

    /** Training and validation loss after each epoch: a thin line for each run, a thick one for their mean. */
    static String loss(List<Run> runs) {
        ToDoubleFunction<Epoch> train = Epoch::trainLoss;
        ToDoubleFunction<Epoch> validation = epoch -> epoch.validation().get("loss");
        int epochs = runs.get(0).epochs().size();
        double highest = runs.stream()
                .flatMapToDouble(run -> run.epochs().stream()
                        .flatMapToDouble(
                                epoch -> DoubleStream.of(train.applyAsDouble(epoch), validation.applyAsDouble(epoch))))
                .max()
                .orElseThrow();
        Chart chart = new Chart("Loss", 56, WIDTH - 76, 0, Math.ceil(highest * 5 + 0.5) / 5, 0.5, epochs + 0.5);
        for (int epoch = 1; epoch <= epochs; epoch++) {
            if (epochs <= 12 || epoch % 5 == 0 || epoch == 1) {
                chart.mark(epoch, Integer.toString(epoch));
            }
        }
        chart.axis("epoch");
        draw(chart, "one", runs, train);
        draw(chart, "two", runs, validation);
        chart.legend(0, "one", "training");
        chart.legend(1, "two", "validation");
        return Chart.picture(
                "Training and validation loss",
                "After each epoch, mean of the runs. Training: " + means(runs, train) + ". Validation: "
                        + means(runs, validation) + ".",
                WIDTH,
                chart);
    }

    /** The Matthews correlation on the test set: of each batch of the first run, and of each run as a whole. */
    static String correlation(List<Run> runs) {
        List<Double> batches = runs.get(0).correlationByBatch();
        double[] whole = runs.stream().mapToDouble(Run::correlation).toArray();
        double lowest = Math.min(
                0, Math.floor(batches.stream().mapToDouble(b -> b).min().orElseThrow() * 5) / 5);
        int count = batches.size();
        Chart bars = new Chart(
                "MCC of each test batch, seed " + runs.get(0).settings().seed(), 56, 400, lowest, 1, -0.5, count - 0.5);
        for (int i = 0; i < count; i++) {
            bars.bar("one", i, batches.get(i), 320 / count);
            if (i % 2 == 0) {
                bars.mark(i, Integer.toString(i + 1));
            }
        }
        bars.line("two", new double[] {-0.5, count - 0.5}, new double[] {whole[0], whole[0]});
        bars.axis("batch of 32; the line is all of them together");
        Chart dots = new Chart("MCC of the whole test set", 520, 180, lowest, 1, -0.5, runs.size() - 0.5);
        double mean = Arrays.stream(whole).average().orElseThrow();
        dots.line("two", new double[] {-0.5, runs.size() - 0.5}, new double[] {mean, mean});
        for (int i = 0; i < whole.length; i++) {
            dots.dot("one", i, whole[i]);
            dots.mark(i, Long.toString(runs.get(i).settings().seed()));
        }
        dots.axis("seed; the line is the mean");
        return Chart.picture(
                "Matthews correlation on the test set",
                String.format(
                        Locale.ROOT,
                        "Left, a bar for each batch of 32: %s; all together %.3f. Right, a dot for each seed; mean %.3f.",
                        HandWrittenLoop.rounded(batches),
                        whole[0],
                        mean),
                WIDTH,
                bars,
                dots);
    }

    private static void draw(Chart chart, String style, List<Run> runs, ToDoubleFunction<Epoch> number) {
        int epochs = runs.get(0).epochs().size();
        double[] xs = IntStream.rangeClosed(1, epochs).asDoubleStream().toArray();
        for (Run run : runs) {
            chart.line(
                    style + " thin",
                    xs,
                    run.epochs().stream().mapToDouble(number).toArray());
        }
        double[] mean = mean(runs, number);
        chart.line(style, xs, mean);
        for (int i = 0; i < epochs; i++) {
            chart.dot(style, xs[i], mean[i]);
        }
    }

    private static double[] mean(List<Run> runs, ToDoubleFunction<Epoch> number) {
        return IntStream.range(0, runs.get(0).epochs().size())
                .mapToDouble(epoch -> runs.stream()
                        .mapToDouble(run -> number.applyAsDouble(run.epochs().get(epoch)))
                        .average()
                        .orElseThrow())
                .toArray();
    }

    private static String means(List<Run> runs, ToDoubleFunction<Epoch> number) {
        return HandWrittenLoop.rounded(Arrays.stream(mean(runs, number)).boxed().toList());
    }
}
