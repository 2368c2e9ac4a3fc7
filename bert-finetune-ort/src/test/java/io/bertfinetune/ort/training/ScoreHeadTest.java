package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.engine.ReferenceInterpreter;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.heads.ScoreHead;
import io.bertfinetune.ort.heads.TextEncoder;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.models.BertInputs;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.weights.Pretrained;
import io.bertfinetune.ort.weights.WeightLoader;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import io.bertfinetune.text.Tokenizer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The head that the guide shows, with the graph and the training step of every other. */
class ScoreHeadTest {
    private static final Path TINY_BERT = Golden.path("tiny_bert");
    private static final List<Example<Text, Double>> EXAMPLES = List.of(
            Example.of(Text.of("the quick brown fox"), 1.5),
            Example.of(Text.of("jumps over the lazy dog"), -0.5),
            Example.of(Text.of("and runs away"), 0.25));

    private final BertConfig config;
    private final ScoreHead head;

    ScoreHeadTest() {
        try (Pretrained pretrained = Pretrained.open(TINY_BERT)) {
            this.config = pretrained.config();
        }
        this.head = new ScoreHead(config);
    }

    // #region test
    @Test
    void theLossIsTheSquaredErrorAndItsGradientFollows() {
        Graph graph = new Graph();
        Value logits = graph.input("logits", DataType.FLOAT, Shape.of(BertInputs.BATCH, Dim.ONE));
        Value loss = head.lossSum(Map.of("logits", logits), head.targets(graph));
        Value gradient = Autodiff.gradients(loss, List.of(logits)).get(logits);
        Map<String, double[]> numbers = Map.of("logits", new double[] {1, 2, 3}, "labels", new double[] {1.5, 0, 3});
        Map<String, Long> sizes = Map.of("batch", 3L);

        assertThat(ReferenceInterpreter.evaluate(loss, numbers, sizes)).containsExactly(4.25);
        assertThat(ReferenceInterpreter.evaluate(gradient, numbers, sizes)).containsExactly(-1, 4, 0);
    }
    // #endregion test

    @Test
    void learnsScores() {
        try (Engine engine = OrtEngine.cpu();
                Pretrained pretrained = Pretrained.open(TINY_BERT)) {
            ParameterStore.Layout layout = ModelLoader.layout(StepGraph.prediction(config, head));
            try (ParameterStore values = new ParameterStore(engine, layout)) {
                // the checkpoint's classifier is that of two labels
                WeightLoader.load("tiny_bert", pretrained.weights(), encoder(layout), values::write);
                Heads.draw(values, Set.of("classifier.weight", "classifier.bias"), config, 42);
                StepGraph step = StepGraph.training(
                        config, head, Dropout.off(), StepGraph.Form.ROWS_OF_TABLES, parameter -> true, 0);
                try (OrtTrainingSession<Example<Text, Double>> session = new OrtTrainingSession<>(
                        engine,
                        step,
                        head,
                        new BatchFeed(config),
                        values,
                        SessionOptions.of(AdamW.defaults()),
                        new ReentrantLock(),
                        () -> {})) {
                    double first = train(session, 1);
                    double last = train(session, 120);

                    assertThat(first).isCloseTo((1.5 * 1.5 + 0.5 * 0.5 + 0.25 * 0.25) / 3, within(0.2));
                    assertThat(last).isLessThan(first / 20);
                }
            }
        }
    }

    private static List<ParameterInfo> encoder(ParameterStore.Layout layout) {
        return layout.only(parameter -> !parameter.name().startsWith("classifier."))
                .parameters();
    }

    /** The loss of the last of so many steps. */
    private double train(OrtTrainingSession<Example<Text, Double>> session, int steps) {
        Batch<Example<Text, Double>> batch =
                head.collator(encoder(), Padding.LONGEST).collate(EXAMPLES);
        double loss = Double.NaN;
        for (int i = 0; i < steps; i++) {
            loss = session.forwardBackward(batch).loss();
            session.step(3e-3);
            session.zeroGrad();
        }
        return loss;
    }

    @Test
    void readsOneScoreAnInput() {
        FloatBuffer logits = FloatBuffer.wrap(new float[] {1.5f, -0.5f});

        assertThat(head.decode(List.of(Text.of("a"), Text.of("b")), Map.of("logits", logits)))
                .containsExactly(1.5, -0.5);
    }

    @Test
    void aScoreThatIsNoNumberIsNamed() {
        Batch<?> batch = head.collator(encoder(), Padding.LONGEST)
                .collate(List.of(EXAMPLES.get(0), Example.of(Text.of("fox"), Double.NaN)));

        assertThatThrownBy(() -> head.checkTargets(batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch: score of example 1 is NaN, expected a finite number");
    }

    private static TextEncoder encoder() {
        Tokenizer tokenizer = Bert.fromPretrained(TINY_BERT).loadTokenizer();
        return new TextEncoder(tokenizer, 16);
    }
}
