package io.bertfinetune.benchmarks;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.ort.training.OtherTraining;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The work of a folder, done by this library through its public door. */
class OwnTraining implements Work {
    private static final List<String> LABELS = List.of("0", "1");
    private static final String FIRST_LOSS = "loss_before_training";

    private final StepWork work;
    private final List<Batch<Example<Text, String>>> batches;
    private final Map<String, Double> facts;
    private final TrainingSession<Example<Text, String>> session;
    private int steps;

    private OwnTraining(
            StepWork work,
            List<Batch<Example<Text, String>>> batches,
            TrainingSession<Example<Text, String>> session,
            Map<String, Double> facts) {
        this.work = work;
        this.batches = batches;
        this.session = session;
        this.facts = facts;
    }

    /** Opens what {@link StepWork#writeTo} wrote. */
    static OwnTraining open(Path folder) {
        return open(folder, Device.cpu(), Precision.FLOAT32);
    }

    /** Opens what {@link StepWork#writeTo} wrote on this device, with products in this precision. */
    static OwnTraining open(Path folder, Device device, Precision precision) {
        StepWork work = StepWork.read(folder);
        List<Batch<Example<Text, String>>> batches = batches(folder);
        Model<Text, String, Classification> model =
                Bert.fromPretrained(folder).device(device).load(SequenceClassification.of(LABELS));
        double firstLoss = model.evaluate(batches.get(0)).loss();
        return new OwnTraining(
                work, batches, model.startTraining(options(work, precision)), Map.of(FIRST_LOSS, firstLoss)) {
            @Override
            public void close() {
                super.close();
                model.close();
            }
        };
    }

    /** The same on the processor, with something left out. */
    static OwnTraining open(Path folder, OtherTraining other, Precision precision) {
        StepWork work = StepWork.read(folder);
        return new OwnTraining(work, batches(folder), other.open(folder, LABELS, options(work, precision)), Map.of());
    }

    private static List<Batch<Example<Text, String>>> batches(Path folder) {
        return StepWork.readBatches(folder).stream().map(OwnTraining::batch).toList();
    }

    private static SessionOptions options(StepWork work, Precision precision) {
        return SessionOptions.of(AdamW.defaults()).seed(work.seed()).precision(precision);
    }

    /** The loss of the first batch before any training and without dropout. */
    double firstLoss() {
        return java.util.Objects.requireNonNull(facts.get(FIRST_LOSS));
    }

    @Override
    public Map<String, Double> facts() {
        return facts;
    }

    @Override
    public Map<String, Double> once() {
        double[] loss = new double[1];
        double ms = Work.ms(() -> loss[0] = step());
        return Map.of("ms", ms, "loss", loss[0]);
    }

    /** Takes one step and gives its loss. */
    double step() {
        double loss = accumulate();
        if (work.maxGradNorm() > 0) {
            session.clipGradNorm(work.maxGradNorm());
        }
        update();
        session.zeroGrad();
        return loss;
    }

    /** Runs the next batch forward and backward. */
    double accumulate() {
        return session.forwardBackward(batches.get(steps++ % batches.size())).loss();
    }

    /** Lets AdamW update the weights. */
    void update() {
        session.step(work.learningRate());
    }

    /** The batch of these numbers. */
    static Batch<Example<Text, String>> batch(StepWork.Tokens tokens) {
        int rows = tokens.inputIds().size();
        int length = tokens.inputIds().get(0).size();
        long[] ids = tokens.inputIds().stream()
                .flatMap(List::stream)
                .mapToLong(Long::longValue)
                .toArray();
        long[] labels = tokens.labels().stream().mapToLong(Long::longValue).toArray();
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("input_ids", Tensor.ofLongs(ids, rows, length));
        tensors.put("attention_mask", Tensor.ofLongs(ones, rows, length));
        tensors.put("token_type_ids", Tensor.ofLongs(new long[ids.length], rows, length));
        tensors.put("labels", Tensor.ofLongs(labels, rows));
        List<Example<Text, String>> examples = tokens.labels().stream()
                .map(label -> Example.of(Text.of("tokens made up"), Long.toString(label)))
                .toList();
        return new Batch<>(examples, tensors);
    }

    @Override
    public void close() {
        session.close();
    }
}
