package io.bertfinetune.ort.heads;

import static io.bertfinetune.ort.nn.Layers.linear;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.models.BertEncoder;
import io.bertfinetune.ort.models.BertInputs;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.nn.Scope;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A head to copy: one number a text, trained with the squared error. Hugging Face's {@code BertForSequenceClassification}
 * with {@code problem_type="regression"}.
 */
public final class ScoreHead implements TaskHead<Text, Double, Double> {
    private final BertConfig config;

    /** The head for a network of these sizes. */
    public ScoreHead(BertConfig config) {
        this.config = config;
    }

    // #region graph
    @Override
    public BertEncoder.Reads reads() {
        return BertEncoder.Reads.FIRST_TOKEN;
    }

    @Override
    public Map<String, Value> outputs(Scope p, Value hidden, Dropout dropout) {
        Value pooled = linear(p.at("bert").at("pooler.dense"), hidden, config.hiddenSize())
                .tanh();
        Value kept = dropout.apply(pooled, config.headDropout());
        return Map.of("logits", linear(p.at("classifier"), kept, 1)); // [batch, 1]
    }

    @Override
    public Map<String, Value> targets(Graph graph) {
        return Map.of("labels", graph.input("labels", DataType.FLOAT, Shape.of(BertInputs.BATCH, Dim.ONE)));
    }

    @Override
    public Value lossSum(Map<String, Value> outputs, Map<String, Value> targets) {
        Value error = of(outputs, "logits").minus(of(targets, "labels"));
        return error.times(error).sum();
    }
    // #endregion graph

    // #region batch
    @Override
    public Collator<Example<Text, Double>> collator(TextEncoder encoder, Padding padding) {
        return examples -> {
            Map<String, Tensor> tensors =
                    encoder.tensors(examples.stream().map(Example::input).toList(), padding);
            float[] scores = new float[examples.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = examples.get(i).label().floatValue();
            }
            tensors.put("labels", Tensor.ofFloats(scores, scores.length, 1));
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
    public double items(Batch<?> batch) {
        return batch.size();
    }

    @Override
    public void checkTargets(Batch<?> batch) {
        FloatBuffer scores = batch.tensor("labels").floats();
        for (int i = 0; scores.hasRemaining(); i++) {
            float score = scores.get();
            if (!Float.isFinite(score)) {
                throw new IllegalArgumentException(
                        "batch: score of example " + i + " is " + score + ", expected a finite number");
            }
        }
    }
    // #endregion batch

    // #region decode
    @Override
    public List<Double> decode(List<? extends Text> inputs, Map<String, FloatBuffer> outputs) {
        FloatBuffer logits = of(outputs, "logits");
        return Stream.generate(() -> (double) logits.get()).limit(inputs.size()).toList();
    }

    @Override
    public List<String> labels() {
        return List.of("LABEL_0");
    }

    @Override
    public String problemType() {
        return "regression";
    }
    // #endregion decode

    private static <T> T of(Map<String, T> named, String name) {
        return Objects.requireNonNull(named.get(name), name);
    }
}
