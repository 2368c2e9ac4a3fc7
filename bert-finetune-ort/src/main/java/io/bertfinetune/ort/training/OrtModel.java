package io.bertfinetune.ort.training;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.EvalResult;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.Trace;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.heads.TaskHead;
import io.bertfinetune.ort.heads.TextEncoder;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.tokenizer.CloseableTokenizer;
import io.bertfinetune.ort.weights.Pretrained;
import io.bertfinetune.ort.weights.WeightLoader;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/** A BERT with a head, its weights in an engine's memory. */
final class OrtModel<I, L, P> implements Model<I, L, P> {
    private static final int PREDICTION_BATCH = 32;

    private final Engine engine;
    private final Task<I, L, P> task;
    private final TaskHead<I, L, P> head;
    private final BertConfig config;
    private final Optional<CloseableTokenizer> ownTokenizer;
    private final Map<String, byte[]> tokenizerFiles;
    private final TextEncoder encoder;
    private final BatchFeed feed;
    private final StepGraph prediction;
    private final ParameterStore.Layout layout;
    private final ParameterStore values;
    private final Set<String> fresh;
    /** Held while a session or the model is opened or closed; taken before {@link #weights}. */
    private final Object lifetime = new Object();

    private final ReentrantReadWriteLock weights = new ReentrantReadWriteLock();
    private final Map<Wanted, Ready> ready = new HashMap<>();
    private Optional<TrainingSession<?>> session = Optional.empty();
    /** Whether the head is no longer to be drawn; guarded, as the next, by the lock of the weights. */
    private boolean trained;

    private boolean closed;

    /** A graph without dropout, by its name, and the precision of its products. */
    private record Wanted(String graph, Precision precision) {}

    /** A graph without dropout, compiled when it is first needed. */
    private record Ready(StepGraph graph, Executable program, Map<String, Value> batchInputs) {}

    /**
     * A model of these parts, all of which it owns.
     *
     * @param ownTokenizer the checkpoint's tokenizer; empty if it is opened with another
     * @param tokenizerFiles written again when the model is saved; none if it is opened with another
     * @param encoder the tokenizer it is opened with, and its maximal length
     * @param prediction the graph that gave the layout
     * @param fresh the parameters that no checkpoint brought
     */
    OrtModel(
            Engine engine,
            Task<I, L, P> task,
            TaskHead<I, L, P> head,
            BertConfig config,
            Optional<CloseableTokenizer> ownTokenizer,
            Map<String, byte[]> tokenizerFiles,
            TextEncoder encoder,
            StepGraph prediction,
            ParameterStore.Layout layout,
            ParameterStore values,
            Set<String> fresh) {
        this.engine = engine;
        this.task = task;
        this.head = head;
        this.config = config;
        this.ownTokenizer = ownTokenizer;
        this.tokenizerFiles = Map.copyOf(tokenizerFiles);
        this.encoder = encoder;
        this.feed = new BatchFeed(config);
        this.prediction = prediction;
        this.layout = layout;
        this.values = values;
        this.fresh = Set.copyOf(fresh);
    }

    @Override
    public Task<I, L, P> task() {
        return task;
    }

    @Override
    public Tokenizer tokenizer() {
        return encoder.tokenizer();
    }

    @Override
    public int maxLength() {
        return encoder.maxLength();
    }

    @Override
    public Device device() {
        return engine.device();
    }

    @Override
    public Optional<String> missingFor(Precision precision) {
        return engine.missingFor(precision);
    }

    @Override
    public List<ParameterInfo> parameters() {
        return layout.parameters();
    }

    @Override
    public P predict(I input) {
        return predictBatch(List.of(input)).get(0);
    }

    @Override
    public List<P> predictAll(Collection<? extends I> inputs) {
        List<I> all = List.copyOf(inputs);
        int[] byLength = IntStream.range(0, all.size())
                .boxed()
                .sorted(Comparator.comparing(i -> -head.length(all.get(i), encoder)))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Optional<P>> predictions = new ArrayList<>(java.util.Collections.nCopies(all.size(), Optional.empty()));
        for (int start = 0; start < byLength.length; start += PREDICTION_BATCH) {
            int[] chosen = Arrays.copyOfRange(byLength, start, Math.min(byLength.length, start + PREDICTION_BATCH));
            List<P> answers =
                    predictBatch(Arrays.stream(chosen).mapToObj(all::get).toList());
            for (int i = 0; i < chosen.length; i++) {
                predictions.set(chosen[i], Optional.of(answers.get(i)));
            }
        }
        return predictions.stream().map(Optional::orElseThrow).toList();
    }

    private List<P> predictBatch(List<I> inputs) {
        return reading(() -> {
            Batch<I> batch = head.inputCollator(encoder).collate(inputs);
            try (Reusable memory = new Reusable(engine)) {
                Map<String, DeviceTensor> outputs = run(ready("prediction", Precision.FLOAT32), batch, memory);
                return head.decode(inputs, floats(outputs));
            }
        });
    }

    @Override
    public EvalResult<P> evaluate(Batch<Example<I, L>> batch, Precision precision) {
        return reading(() -> {
            head.checkTargets(batch);
            try (Reusable memory = new Reusable(engine)) {
                Map<String, DeviceTensor> outputs = run(ready("evaluation", precision), batch, memory);
                Map<String, FloatBuffer> numbers = floats(outputs);
                double items = head.items(batch);
                double lossSum = java.util.Objects.requireNonNull(numbers.remove(StepGraph.LOSS))
                        .get(0);
                List<I> inputs = batch.examples().stream().map(Example::input).toList();
                return new EvalResult<>(lossSum / items, items, head.decode(inputs, numbers));
            }
        });
    }

    @Override
    public Trace trace(I input, Padding padding) {
        return reading(() -> {
            Batch<I> batch = head.inputCollator(encoder).collate(List.of(input));
            return trace(
                            padding == Padding.MAX_LENGTH
                                    ? Traces.padded(
                                            batch, maxLength(), tokenizer().padId())
                                    : batch)
                    .get(0);
        });
    }

    /** What is computed for each example of a batch. */
    List<Trace> trace(Batch<?> batch) {
        return reading(() -> {
            try (Reusable memory = new Reusable(engine)) {
                return Traces.read(batch, run(ready("trace", Precision.FLOAT32), batch, memory), tokenizer());
            }
        });
    }

    private Map<String, DeviceTensor> run(Ready what, Batch<?> batch, Reusable memory) {
        Map<String, DeviceTensor> inputs = new HashMap<>(values.all());
        inputs.putAll(feed.feed(batch, what.batchInputs(), memory));
        List<Integer> shape = batch.tensor("input_ids").shape();
        Map<String, Long> sizes = Map.of(
                "batch", shape.get(0).longValue(), "sequence", shape.get(1).longValue());
        Map<String, DeviceTensor> outputs = new LinkedHashMap<>();
        what.graph()
                .program()
                .outputs()
                .forEach((name, value) -> outputs.put(
                        name,
                        memory.get("output." + name, value.type(), value.shape().toArray(sizes))));
        what.program().run(inputs, outputs);
        return outputs;
    }

    private synchronized Ready ready(String name, Precision precision) {
        return ready.computeIfAbsent(new Wanted(name, precision), wanted -> {
            StepGraph graph = switch (name) {
                case "prediction" -> prediction;
                case "evaluation" -> StepGraph.evaluation(config, head);
                case "trace" -> StepGraph.trace(config, head);
                default -> throw new IllegalArgumentException("no graph '" + name + "'");
            };
            Map<String, Value> batchInputs = new LinkedHashMap<>(graph.program().inputs());
            batchInputs.keySet().removeAll(graph.parameters().keySet());
            return new Ready(graph, engine.compile(graph.program(), precision), batchInputs);
        });
    }

    /** The outputs as they are now, on the heap. */
    private static Map<String, FloatBuffer> floats(Map<String, DeviceTensor> tensors) {
        Map<String, FloatBuffer> copies = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> tensor.read(bytes -> copies.put(name, copy(bytes))));
        return copies;
    }

    private static FloatBuffer copy(ByteBuffer bytes) {
        FloatBuffer numbers = bytes.asFloatBuffer();
        return FloatBuffer.allocate(numbers.remaining()).put(numbers).flip();
    }

    @Override
    public Collator<Example<I, L>> collator(Padding padding) {
        return head.collator(encoder, padding);
    }

    @Override
    public TrainingSession<Example<I, L>> startTraining(SessionOptions options) {
        return start(options, engine.isOnHost() ? Dropout.on() : Dropout.packed());
    }

    /** Opens training whose numbers can be compared with another library's. */
    OrtTrainingSession<Example<I, L>> startWithoutDropout(SessionOptions options) {
        return start(options, Dropout.off());
    }

    private OrtTrainingSession<Example<I, L>> start(SessionOptions options, Dropout dropout) {
        synchronized (lifetime) {
            requireOpen();
            if (session.isPresent()) {
                throw new IllegalStateException("another training session of this model is open; close it first");
            }
            missingFor(options.precision()).ifPresent(missing -> {
                throw new EngineException(missing);
            });
            OrtTrainingSession<Example<I, L>> opened = new OrtTrainingSession<>(
                    engine,
                    training(options, dropout),
                    head,
                    feed,
                    values,
                    options,
                    weights.writeLock(),
                    this::sessionClosed);
            try {
                drawHead(options.seed());
            } catch (RuntimeException | Error e) {
                opened.close();
                throw e;
            }
            session = Optional.of(opened);
            return opened;
        }
    }

    private void sessionClosed() {
        synchronized (lifetime) {
            session = Optional.empty();
        }
    }

    /** Draws what no checkpoint brought, once. */
    private void drawHead(long seed) {
        weights.writeLock().lock();
        try {
            if (!trained) {
                Heads.draw(values, fresh, config, seed);
                trained = true;
            }
        } finally {
            weights.writeLock().unlock();
        }
    }

    private StepGraph training(SessionOptions options, Dropout dropout) {
        Set<String> frozen = new HashSet<>();
        options.parameterGroups().of(layout.parameters()).forEach((name, setting) -> {
            if (!setting.trains()) {
                frozen.add(name);
            }
        });
        StepGraph.Form form = options.precision() == Precision.FLOAT16
                ? StepGraph.Form.WHOLE_AND_SCALED
                : engine.isOnHost() ? StepGraph.Form.ROWS_OF_TABLES : StepGraph.Form.WHOLE;
        return StepGraph.training(
                config, head, dropout, form, name -> !frozen.contains(name), options.labelSmoothingFactor());
    }

    @Override
    public void save(Path folder) {
        write(folder, Optional.of(prediction));
    }

    @Override
    public void saveWeights(Path folder) {
        write(folder, Optional.empty());
    }

    private void write(Path folder, Optional<StepGraph> inference) {
        reading(() -> {
            Undisturbed.run(() -> new ModelFolder(folder).write(config, head, tokenizerFiles, inference, values));
            return folder;
        });
    }

    @Override
    public void restore(Path folder) {
        weights.writeLock().lock();
        try {
            requireOpen();
            Undisturbed.run(() -> read(folder));
            trained = true;
        } finally {
            weights.writeLock().unlock();
        }
    }

    private void read(Path folder) {
        try (Pretrained saved = Pretrained.open(folder)) {
            requireSame(folder, saved);
            WeightLoader.load(folder.toString(), saved.weights(), layout.parameters(), values::write);
        } catch (ModelFormatException e) {
            throw new CheckpointException("cannot restore the model: " + e.getMessage(), e);
        }
    }

    /** Refuses weights of other labels, or without some of this model's parameters. */
    private void requireSame(Path folder, Pretrained saved) {
        List<String> labels = saved.config().id2label();
        if (!labels.equals(head.labels()) && !Heads.areUnnamed(labels)) {
            throw new CheckpointException("checkpoint " + folder + " has the labels " + labels + ", this model has "
                    + head.labels() + "; expected the same, in the same order");
        }
        List<String> missing = layout.parameters().stream()
                .map(ParameterInfo::name)
                .filter(name -> !saved.weights().names().contains(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new CheckpointException("checkpoint " + folder + " lacks " + missing.size() + " of this model's "
                    + layout.parameters().size() + " parameters, " + missing.get(0) + " first");
        }
    }

    /** Where its weights are, for tests. */
    ParameterStore values() {
        return values;
    }

    private <T> T reading(java.util.function.Supplier<T> action) {
        weights.readLock().lock();
        try {
            requireOpen();
            return action.get();
        } finally {
            weights.readLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this model is closed");
        }
    }

    @Override
    public void close() {
        synchronized (lifetime) {
            if (closed) {
                return;
            }
            try (Owned owned = new Owned()) {
                owned.add(this, OrtModel::free);
                session.ifPresent(open -> owned.add(open, TrainingSession::close));
            }
        }
    }

    /** Closes what it owns, when no prediction runs and none can begin. */
    private void free() {
        weights.writeLock().lock();
        try (Owned owned = new Owned()) {
            closed = true;
            owned.add(engine, Engine::close);
            ownTokenizer.ifPresent(tokenizer -> owned.add(tokenizer, CloseableTokenizer::close));
            owned.add(values, ParameterStore::close);
            ready.values().forEach(each -> owned.add(each.program(), Executable::close));
        } finally {
            weights.writeLock().unlock();
        }
    }
}
