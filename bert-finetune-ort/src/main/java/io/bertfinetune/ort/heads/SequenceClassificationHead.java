package io.bertfinetune.ort.heads;

import static io.bertfinetune.ort.nn.Layers.linear;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.error.DataException;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.models.BertEncoder;
import io.bertfinetune.ort.models.BertInputs;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.nn.Losses;
import io.bertfinetune.ort.nn.Scope;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One label a text: pooler (a linear layer and tanh on {@code [CLS]}), dropout, linear classifier, cross entropy. Hugging
 * Face's {@code BertForSequenceClassification}.
 */
public final class SequenceClassificationHead implements TaskHead<Text, String, Classification> {
    private final BertConfig config;
    private final List<String> labels;
    private final Map<String, Integer> ids = new HashMap<>();
    private final double[] classWeights;

    /**
     * The head for these labels.
     *
     * @param config sizes and rates of the network
     * @param labels the labels, in the order of their ids
     * @param classWeights what an example of a label counts, if not 1
     */
    public SequenceClassificationHead(BertConfig config, List<String> labels, Map<String, Double> classWeights) {
        this.config = config;
        this.labels = List.copyOf(labels);
        for (int i = 0; i < labels.size(); i++) {
            ids.put(labels.get(i), i);
        }
        this.classWeights = classWeights.isEmpty()
                ? new double[0]
                : labels.stream()
                        .mapToDouble(label -> classWeights.getOrDefault(label, 1.0))
                        .toArray();
    }

    @Override
    public BertEncoder.Reads reads() {
        return BertEncoder.Reads.FIRST_TOKEN;
    }

    @Override
    public Map<String, Value> outputs(Scope p, Value hidden, Dropout dropout) {
        Value pooled = linear(p.at("bert").at("pooler.dense"), hidden, config.hiddenSize())
                .tanh();
        Value kept = dropout.apply(pooled, config.headDropout());
        return Map.of("logits", linear(p.at("classifier"), kept, labels.size())); // [batch, labels]
    }

    @Override
    public Map<String, Value> targets(Graph graph) {
        return Map.of("labels", graph.input("labels", DataType.INT64, Shape.of(BertInputs.BATCH)));
    }

    @Override
    public Value lossSum(Map<String, Value> outputs, Map<String, Value> targets) {
        return lossSum(outputs, targets, 0);
    }

    @Override
    public Value lossSum(Map<String, Value> outputs, Map<String, Value> targets, double smoothing) {
        return Losses.crossEntropySum(of(outputs, "logits"), of(targets, "labels"), smoothing, classWeights);
    }

    @Override
    public double items(Batch<?> batch) {
        if (classWeights.length == 0) {
            return batch.size();
        }
        LongBuffer found = batch.tensor("labels").longs();
        double weights = 0;
        while (found.hasRemaining()) {
            weights += classWeights[Math.toIntExact(found.get())];
        }
        return weights;
    }

    @Override
    public void checkTargets(Batch<?> batch) {
        LongBuffer found = batch.tensor("labels").longs();
        for (int i = 0; found.hasRemaining(); i++) {
            long id = found.get();
            if (id < 0 || id >= labels.size()) {
                throw new IllegalArgumentException("batch: label of example " + i + " is " + id + ", expected 0 to "
                        + (labels.size() - 1) + " for labels " + labels);
            }
        }
    }

    @Override
    public Collator<Example<Text, String>> collator(TextEncoder encoder, Padding padding) {
        return examples -> {
            List<Text> texts = examples.stream().map(Example::input).toList();
            Map<String, Tensor> tensors = encoder.tensors(texts, padding);
            long[] labelIds = examples.stream().mapToLong(this::id).toArray();
            tensors.put("labels", Tensor.ofLongs(labelIds, labelIds.length));
            return new Batch<>(examples, tensors);
        };
    }

    @Override
    public Collator<Text> inputCollator(TextEncoder encoder) {
        return texts -> new Batch<>(texts, encoder.tensors(texts, Padding.LONGEST));
    }

    @Override
    public int length(Text input, TextEncoder encoder) {
        return input.text().length() + input.pair().map(String::length).orElse(0);
    }

    @Override
    public List<Classification> decode(List<? extends Text> inputs, Map<String, FloatBuffer> outputs) {
        FloatBuffer logits = of(outputs, "logits");
        List<Classification> decoded = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            decoded.add(classification(logits));
        }
        return decoded;
    }

    /** Softmax of the next row. */
    private Classification classification(FloatBuffer logits) {
        double[] p = new double[labels.size()];
        int best = 0;
        for (int k = 0; k < p.length; k++) {
            p[k] = logits.get();
            best = p[k] > p[best] ? k : best;
        }
        double highest = p[best];
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            p[k] = Math.exp(p[k] - highest);
            sum += p[k];
        }
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int k = 0; k < p.length; k++) {
            probabilities.put(labels.get(k), p[k] / sum);
        }
        return new Classification(labels.get(best), probabilities);
    }

    private long id(Example<Text, String> example) {
        Integer id = ids.get(example.label());
        if (id == null) {
            throw new DataException("label '" + example.label() + "' of text '"
                    + start(example.input().text()) + "' is not one of the task's labels " + labels);
        }
        return id;
    }

    private static String start(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private static <T> T of(Map<String, T> named, String name) {
        return java.util.Objects.requireNonNull(named.get(name), name);
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public String problemType() {
        return "single_label_classification";
    }
}
