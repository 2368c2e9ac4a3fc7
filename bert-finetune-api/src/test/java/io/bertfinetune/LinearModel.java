package io.bertfinetune;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.error.AllocationException;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.EvalResult;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.StepResult;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import io.bertfinetune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Softmax regression on the numbers of a text, {@code "0.5 -1 2"}, from zero weights and with plain gradient descent
 * whatever the optimizer, but for a momentum if asked: a model small enough to check by hand that really learns. It keeps what it was asked.
 */
final class LinearModel implements Model<Text, String, Classification> {
    private final SequenceClassification task;
    private final int features;
    private final ToDoubleFunction<Text> items;
    private final double[][] weights; // [label, feature]
    private double momentum;
    private int fitting = Integer.MAX_VALUE;
    private Set<Precision> precisions = Set.of(Precision.FLOAT32);
    private Set<Integer> overflowing = Set.of();

    /** The calls of sessions, in order: {@code forwardBackward 8}, {@code clip 1.0}, {@code step 0.1}, {@code zeroGrad}, {@code close}. */
    final List<String> calls = new ArrayList<>();

    /** The texts that were trained on, a list for each micro-batch. */
    final List<List<String>> trained = new ArrayList<>();

    /** How many examples each batch of evaluation had. */
    final List<Integer> evaluated = new ArrayList<>();

    /** The precisions in which batches were evaluated. */
    final Set<Precision> evaluatedIn = EnumSet.noneOf(Precision.class);

    Optional<SessionOptions> options = Optional.empty();
    Optional<Path> saved = Optional.empty();

    private LinearModel(SequenceClassification task, int features, ToDoubleFunction<Text> items) {
        this.task = task;
        this.features = features;
        this.items = items;
        this.weights = new double[task.labels().size()][features];
    }

    /** A model that reads texts of so many numbers. */
    static LinearModel of(int features, String... labels) {
        return new LinearModel(SequenceClassification.of(labels), features, text -> 1);
    }

    /** The same model, untrained, in which an example has as many items as this says: labelled tokens for instance. */
    LinearModel items(ToDoubleFunction<Text> items) {
        return new LinearModel(task, features, items);
    }

    /** This model; its steps remember so much of the ones before, as an optimizer with a state does. */
    LinearModel momentum(double share) {
        momentum = share;
        return this;
    }

    /** This model; no more examples at a time fit into its memory. */
    LinearModel fitting(int examples) {
        fitting = examples;
        return this;
    }

    /** This model; it can be trained in these precisions. */
    LinearModel in(Precision... all) {
        precisions = Set.of(all);
        return this;
    }

    /** This model; these steps of a run, from 1, overflow. */
    LinearModel overflowing(Integer... steps) {
        overflowing = Set.of(steps);
        return this;
    }

    private void requireMemory(Batch<?> batch) {
        if (batch.size() > fitting) {
            throw new AllocationException("no memory for " + batch.size() + " examples");
        }
    }

    /** The weights, label by label. */
    List<Double> weights() {
        return Arrays.stream(weights).flatMapToDouble(Arrays::stream).boxed().toList();
    }

    @Override
    public Task<Text, String, Classification> task() {
        return task;
    }

    @Override
    public Tokenizer tokenizer() {
        return new WordTokenizer();
    }

    @Override
    public int maxLength() {
        return features;
    }

    @Override
    public Device device() {
        return Device.cpu();
    }

    @Override
    public Optional<String> missingFor(Precision precision) {
        return precisions.contains(precision) ? Optional.empty() : Optional.of(precision + " needs another model");
    }

    @Override
    public List<ParameterInfo> parameters() {
        return List.of(new ParameterInfo("weight", List.of(weights.length, features)));
    }

    @Override
    public Classification predict(Text input) {
        double[] probabilities = probabilities(input);
        Map<String, Double> named = new LinkedHashMap<>();
        for (int label = 0; label < probabilities.length; label++) {
            named.put(task.labels().get(label), probabilities[label]);
        }
        String best = named.entrySet().stream()
                .reduce((a, b) -> b.getValue() > a.getValue() ? b : a)
                .orElseThrow()
                .getKey();
        return new Classification(best, named);
    }

    @Override
    public List<Classification> predictAll(Collection<? extends Text> inputs) {
        return inputs.stream().map(this::predict).toList();
    }

    @Override
    public EvalResult<Classification> evaluate(Batch<Example<Text, String>> batch, Precision precision) {
        requireMemory(batch);
        evaluated.add(batch.size());
        evaluatedIn.add(precision);
        StepResult result = loss(batch);
        return new EvalResult<>(
                result.loss(),
                result.items(),
                predictAll(batch.examples().stream().map(Example::input).toList()));
    }

    @Override
    public Collator<Example<Text, String>> collator(Padding padding) {
        return examples -> {
            long[] labels = examples.stream().mapToLong(e -> labelId(e)).toArray();
            return new Batch<>(examples, Map.of("labels", Tensor.ofLongs(labels, labels.length)));
        };
    }

    @Override
    public TrainingSession<Example<Text, String>> startTraining(SessionOptions sessionOptions) {
        options = Optional.of(sessionOptions);
        return new Session();
    }

    @Override
    public void save(Path folder) {
        saved = Optional.of(folder);
    }

    /** Writes the weights, a number a line. */
    @Override
    public void saveWeights(Path folder) {
        write(
                folder.resolve("model.safetensors"),
                weights().stream().map(String::valueOf).toList());
    }

    @Override
    public void restore(Path folder) {
        List<String> lines = read(folder.resolve("model.safetensors"));
        for (int i = 0; i < lines.size(); i++) {
            weights[i / features][i % features] = Double.parseDouble(lines.get(i));
        }
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, lines);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be written: " + e, e);
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e, e);
        }
    }

    @Override
    public void close() {}

    private StepResult loss(Batch<Example<Text, String>> batch) {
        double sum = 0;
        double count = 0;
        for (Example<Text, String> example : batch.examples()) {
            double weight = items.applyAsDouble(example.input());
            sum -= weight * Math.log(probabilities(example.input())[labelId(example)]);
            count += weight;
        }
        return new StepResult(sum / count, count);
    }

    private int labelId(Example<Text, String> example) {
        return task.labels().indexOf(example.label());
    }

    private double[] probabilities(Text input) {
        double[] x = numbers(input);
        double[] exp =
                Arrays.stream(weights).mapToDouble(w -> Math.exp(dot(w, x))).toArray();
        double sum = Arrays.stream(exp).sum();
        return Arrays.stream(exp).map(e -> e / sum).toArray();
    }

    static double[] numbers(Text input) {
        return Stream.of(input.text().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Gradients add up as sums over items and are divided by the items when read. */
    private final class Session implements TrainingSession<Example<Text, String>> {
        private final double[][] sums = new double[weights.length][features];
        private final double[][] velocity = new double[weights.length][features];
        private double itemsSeen;
        private double scale = 1;
        private long step = 1;
        private int skipped;

        @Override
        public StepResult forwardBackward(Batch<Example<Text, String>> batch) {
            requireMemory(batch);
            calls.add("forwardBackward " + batch.size());
            trained.add(batch.examples().stream().map(e -> e.input().text()).toList());
            StepResult result = loss(batch);
            if (overflows()) {
                return new StepResult(Double.POSITIVE_INFINITY, result.items());
            }
            if (!Double.isFinite(result.loss())) {
                throw new NonFiniteLossException(step, result.loss());
            }
            for (Example<Text, String> example : batch.examples()) {
                double weight = items.applyAsDouble(example.input());
                double[] x = numbers(example.input());
                double[] p = probabilities(example.input());
                for (int label = 0; label < sums.length; label++) {
                    double error = p[label] - (label == labelId(example) ? 1 : 0);
                    for (int i = 0; i < features; i++) {
                        sums[label][i] += weight * error * x[i];
                    }
                }
                itemsSeen += weight;
            }
            return result;
        }

        @Override
        public double clipGradNorm(double maxNorm) {
            calls.add("clip " + maxNorm);
            double squares = Arrays.stream(sums)
                    .flatMapToDouble(Arrays::stream)
                    .map(g -> g * g)
                    .sum();
            double norm = Math.sqrt(squares) / itemsSeen;
            scale = Math.min(1, maxNorm / (norm + 1e-6));
            return norm;
        }

        @Override
        public void step(double learningRate) {
            calls.add("step " + learningRate);
            if (overflows()) {
                skipped++;
                return;
            }
            for (int label = 0; label < sums.length; label++) {
                for (int i = 0; i < features; i++) {
                    velocity[label][i] = momentum * velocity[label][i] + scale * sums[label][i] / itemsSeen;
                    weights[label][i] -= learningRate * velocity[label][i];
                }
            }
            step++;
        }

        private boolean overflows() {
            return overflowing.contains((int) step + skipped);
        }

        @Override
        public long skippedSteps() {
            return skipped;
        }

        @Override
        public void zeroGrad() {
            calls.add("zeroGrad");
            Arrays.stream(sums).forEach(row -> Arrays.fill(row, 0));
            itemsSeen = 0;
            scale = 1;
        }

        @Override
        public void saveState(Path file) {
            if (itemsSeen > 0) {
                throw new IllegalStateException("saveState: there are gradients of an unfinished step");
            }
            List<String> lines = new ArrayList<>(List.of(String.valueOf(step), String.valueOf(skipped)));
            Arrays.stream(velocity)
                    .flatMapToDouble(Arrays::stream)
                    .mapToObj(String::valueOf)
                    .forEach(lines::add);
            write(file, lines);
        }

        @Override
        public void restoreState(Path file) {
            List<String> all = read(file);
            step = Long.parseLong(all.get(0));
            skipped = Integer.parseInt(all.get(1));
            List<String> lines = all.subList(2, all.size());
            for (int i = 0; i < lines.size(); i++) {
                velocity[i / features][i % features] = Double.parseDouble(lines.get(i));
            }
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }
}
