package io.bertfinetune.ort.training;

import io.bertfinetune.data.Batch;
import io.bertfinetune.error.AllocationException;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.StepResult;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.heads.TaskHead;
import io.bertfinetune.ort.nn.Dropout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/** The training step of a model: one program forward and backward, and the optimizer's on what it leaves. */
final class OrtTrainingSession<E> implements TrainingSession<E> {
    /** What PyTorch adds to the norm it divides by. */
    /** Groups of random numbers that one thread draws before it takes others. */
    private static final int GROUPS_OF_PIECE = 16;

    private static final double CLIP_EPSILON = 1e-6;

    private final TaskHead<?, ?, ?> head;
    private final BatchFeed feed;
    private final ParameterStore values;
    private final Lock weights;
    private final Engine engine;
    private final Precision precision;
    private final boolean searches;
    private final StepGraph graph;
    private final Executable step;
    private final Workers workers;
    private final Workers drawers;
    private final GradientStore gradients;
    private final Updater updater;
    private final String optimizer;
    private final Optional<LossScale> lossScale;
    private final Reusable memory;
    private final Philox random;
    private final Map<String, Value> batchInputs;
    private final Owned owned = new Owned();
    private long passes;
    private long steps;
    private double items;
    private double clip = 1;
    private boolean lossOverflowed;
    private boolean closed;

    /**
     * Opens the step.
     *
     * @param weights held while the optimizer changes weights
     * @param onClose run once, last of all, when the session is closed or could not be opened
     */
    OrtTrainingSession(
            Engine engine,
            StepGraph graph,
            TaskHead<?, ?, ?> head,
            BatchFeed feed,
            ParameterStore values,
            SessionOptions options,
            Lock weights,
            Runnable onClose) {
        this.head = head;
        this.feed = feed;
        this.values = values;
        this.weights = weights;
        this.engine = engine;
        this.precision = options.precision();
        this.searches = options.debug().contains(DebugOption.UNDERFLOW_OVERFLOW);
        this.graph = graph;
        this.random = new Philox(options.seed());
        this.optimizer = options.optimizer().toString();
        int processors = Runtime.getRuntime().availableProcessors();
        Set<String> trained = graph.trained();
        ParameterStore.Layout layout = values.layout().only(parameter -> trained.contains(parameter.name()));
        owned.add(onClose, Runnable::run);
        try {
            this.step = owned.add(engine.compile(graph.program(), precision), Executable::close);
            this.workers = owned.add(new Workers(engine.isOnHost() ? processors : 1), Workers::close);
            this.drawers = owned.add(new Workers(processors), Workers::close);
            this.memory = owned.add(new Reusable(engine), Reusable::close);
            this.gradients =
                    owned.add(new GradientStore(engine, workers, layout, graph.tables()), GradientStore::close);
            this.updater = owned.add(
                    new Updater(engine, workers, options, values, gradients.sums(), gradients.touched()),
                    Updater::close);
            this.lossScale = precision == Precision.FLOAT16
                    ? Optional.of(owned.add(new LossScale(engine), LossScale::close))
                    : Optional.empty();
        } catch (RuntimeException | Error e) {
            owned.closeAfter(e);
            throw e;
        }
        this.batchInputs = new LinkedHashMap<>(graph.program().inputs());
        batchInputs.keySet().removeAll(graph.parameters().keySet());
        batchInputs.remove(StepGraph.LOSS_SCALE);
        graph.dropout().forEach(site -> batchInputs.remove(site.input()));
    }

    @Override
    public StepResult forwardBackward(Batch<E> batch) {
        requireOpen();
        head.checkTargets(batch);
        try {
            return forwardBackwardInMemory(batch);
        } catch (AllocationException e) {
            memory.close(); // a smaller batch begins with nothing
            throw e;
        }
    }

    private StepResult forwardBackwardInMemory(Batch<E> batch) {
        Map<String, DeviceTensor> inputs = new HashMap<>(values.all());
        inputs.putAll(feed.feed(batch, batchInputs, memory));
        List<Integer> shape = batch.tensor("input_ids").shape();
        Map<String, Long> sizes = Map.of(
                "batch", shape.get(0).longValue(), "sequence", shape.get(1).longValue());
        lossScale.ifPresent(scale -> inputs.put(StepGraph.LOSS_SCALE, scale.tensor()));
        drawMasks(sizes, inputs);
        Map<String, DeviceTensor> outputs = outputs(sizes);

        step.run(inputs, outputs);

        passes++;
        double batchItems = head.items(batch);
        double lossSum = number(outputs, StepGraph.LOSS);
        if (!Double.isFinite(lossSum)) {
            if (lossScale.isEmpty() || lossScale.get().isLeast()) {
                throw explained(
                        new NonFiniteLossException(steps + 1, lossSum),
                        () -> FirstNonFinite.weight(values)
                                .or(() -> FirstNonFinite.output(engine, precision, graph, inputs)));
            }
            lossOverflowed = true;
        }
        gradients.addWritten();
        for (String table : graph.tables()) {
            gradients.addRows(
                    table, of(outputs, StepGraph.IDS + table), of(outputs, StepGraph.ROWS + table), feed.paddingId());
        }
        items += batchItems;
        return new StepResult(lossSum / batchItems, batchItems);
    }

    /** The exception with what is to blame, if the session was asked to look for it. */
    private NonFiniteLossException explained(NonFiniteLossException found, Supplier<Optional<String>> search) {
        if (!searches) {
            return found;
        }
        try {
            return search.get().map(found::firstIn).orElse(found);
        } catch (RuntimeException e) {
            found.addSuppressed(e); // what was found matters more than where it began
            return found;
        }
    }

    /** Every mask of this pass, drawn by all cores: pieces of all masks together, so that threads wait for each other once. */
    private void drawMasks(Map<String, Long> sizes, Map<String, DeviceTensor> inputs) {
        List<Dropout.Site> sites = graph.dropout();
        List<Runnable> pieces = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            inputs.put(sites.get(i).input(), mask(i, sites.get(i), sizes, pieces));
        }
        drawers.forEach(pieces.size(), piece -> pieces.get(piece).run());
    }

    private DeviceTensor mask(int number, Dropout.Site site, Map<String, Long> sizes, List<Runnable> pieces) {
        long size = site.shape().size().size(sizes);
        DeviceTensor mask = graph.packedDropout()
                ? memory.get(site.input(), DataType.UINT8, RandomFill.packedSize(size))
                : memory.get(site.input(), DataType.FLOAT, site.shape().toArray(sizes));
        RandomFill.Mask fill = graph.packedDropout() ? RandomFill::packedDropout : RandomFill::dropout;
        int groups = RandomFill.groups(size);
        for (int from = 0; from < groups; from += GROUPS_OF_PIECE) {
            int first = from;
            int end = Math.min(groups, first + GROUPS_OF_PIECE);
            pieces.add(() -> mask.write(bytes -> fill.draw(random, passes, number, site.p(), bytes, first, end)));
        }
        return mask;
    }

    private Map<String, DeviceTensor> outputs(Map<String, Long> sizes) {
        Map<String, DeviceTensor> outputs = new HashMap<>();
        Map<String, DeviceTensor> targets = gradients.targets();
        graph.program().outputs().forEach((name, value) -> {
            if (name.startsWith(StepGraph.GRADIENT)) {
                outputs.put(name, of(targets, name.substring(StepGraph.GRADIENT.length())));
            } else {
                outputs.put(name, memory.get(name, value.type(), value.shape().toArray(sizes)));
            }
        });
        return outputs;
    }

    @Override
    public double clipGradNorm(double maxNorm) {
        requireGradients("clipGradNorm");
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("clipGradNorm: maxNorm is " + maxNorm + ", expected a number above 0");
        }
        double norm = gradients.norm() * gradientScale();
        if (Double.isFinite(norm)) {
            clip *= Math.min(1, maxNorm / (norm + CLIP_EPSILON));
        } else if (lossScale.isEmpty()) {
            throw explained(
                    NonFiniteLossException.ofGradient(steps + 1, norm),
                    () -> FirstNonFinite.gradient(gradients.sums()));
        }
        return norm;
    }

    @Override
    public void step(double learningRate) {
        requireGradients("step");
        if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("step: learning rate is " + learningRate + ", expected 0 or more");
        }
        boolean overflowed = lossScale.isPresent() && (lossOverflowed || !Double.isFinite(gradients.norm()));
        if (!overflowed) {
            update(learningRate);
        }
        lossScale.ifPresent(scale -> scale.stepped(overflowed));
    }

    @Override
    public long skippedSteps() {
        requireOpen();
        return lossScale.map(LossScale::skipped).orElse(0L);
    }

    private void update(double learningRate) {
        weights.lock();
        try {
            steps++;
            updater.update(learningRate, gradientScale(), steps);
        } finally {
            weights.unlock();
        }
    }

    /** What makes the mean, clipped gradient of the sums. */
    private double gradientScale() {
        return clip / items / lossScale.map(LossScale::factor).orElse(1.0);
    }

    /** Everything that has to be remembered from step to step, by name. */
    private Map<String, DeviceTensor> states() {
        Map<String, DeviceTensor> states = new TreeMap<>(updater.states());
        lossScale.ifPresent(scale -> states.put(LossScale.STATE, scale.state()));
        return states;
    }

    @Override
    public void zeroGrad() {
        requireOpen();
        gradients.reset();
        items = 0;
        clip = 1;
        lossOverflowed = false;
    }

    @Override
    public void saveState(Path file) {
        requireNoGradients("saveState");
        Undisturbed.run(() -> new SessionFile(steps, passes).write(file, optimizer, states()));
    }

    @Override
    public void restoreState(Path file) {
        requireNoGradients("restoreState");
        Undisturbed.run(() -> {
            SessionFile read;
            try {
                read = SessionFile.read(file, optimizer, states());
            } finally {
                updater.statesRead();
            }
            steps = read.steps();
            passes = read.passes();
        });
    }

    private void requireNoGradients(String call) {
        requireOpen();
        if (!gradients.isEmpty()) {
            throw new IllegalStateException(call + ": there are gradients of an unfinished step; call zeroGrad first");
        }
    }

    /** The mean gradient of a parameter, for tests. */
    float[] gradient(String parameter) {
        requireGradients("gradient");
        DeviceTensor sum = gradients.sums().get(parameter);
        float[] mean = new float[Math.toIntExact(sum.size())];
        sum.read(bytes -> bytes.asFloatBuffer().get(mean));
        for (int i = 0; i < mean.length; i++) {
            mean[i] *= (float) gradientScale();
        }
        return mean;
    }

    /** What the loss is scaled by, for tests; nothing unless products are in float16. */
    Optional<LossScale> lossScale() {
        return lossScale;
    }

    /** The numbers of a parameter, for tests. */
    float[] value(String parameter) {
        DeviceTensor tensor = values.get(parameter);
        float[] numbers = new float[Math.toIntExact(tensor.size())];
        tensor.read(bytes -> bytes.asFloatBuffer().get(numbers));
        return numbers;
    }

    private static double number(Map<String, DeviceTensor> tensors, String name) {
        double[] number = new double[1];
        of(tensors, name).read(bytes -> number[0] = bytes.getFloat());
        return number[0];
    }

    private static DeviceTensor of(Map<String, DeviceTensor> tensors, String name) {
        return java.util.Objects.requireNonNull(tensors.get(name), name);
    }

    private void requireGradients(String call) {
        requireOpen();
        if (gradients.isEmpty()) {
            throw new IllegalStateException(call + ": there are no gradients yet; call forwardBackward first");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this training session is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            owned.close();
        }
    }
}
