package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.Trace;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A trace holds PyTorch's numbers, and agrees with the answers the model gives. */
class TraceOnEngineTest {
    private static final Text PAIR = Text.pair("Can I pay by card?", "Yes.");
    private static final int LAYERS = 5;
    private static final int HEADS = 4;
    private static final int HIDDEN = 32;

    private final OrtModel<Text, String, Classification> model =
            (OrtModel<Text, String, Classification>) Models.withoutDropout();

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void everyLayerEqualsPyTorchAlsoInAPaddedBatch() {
        try (Golden golden = Golden.open("golden/tiny_bert/trace.safetensors")) {
            assertThat(golden.longs("attention_mask")).contains(0);

            List<Trace> traces = model.trace(batch(golden));

            for (int layer = 0; layer < LAYERS; layer++) {
                int i = layer;
                assertSame(
                        golden,
                        "hidden_states." + i,
                        traces,
                        trace -> trace.hiddenStates().get(i));
                assertSame(
                        golden,
                        "attentions." + i,
                        traces,
                        trace -> trace.attentions().get(i));
            }
            assertSame(
                    golden,
                    "hidden_states." + LAYERS,
                    traces,
                    trace -> trace.hiddenStates().get(LAYERS));
            assertSame(golden, "logits", traces, Trace::logits);
        }
    }

    private static Batch<Text> batch(Golden golden) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : List.of("input_ids", "attention_mask", "token_type_ids")) {
            long[] numbers = golden.longs(name);
            tensors.put(name, Tensor.ofLongs(numbers, 2, numbers.length / 2));
        }
        return new Batch<>(List.of(Text.of("shorter"), Text.pair("a", "pair")), tensors);
    }

    private static void assertSame(Golden golden, String name, List<Trace> traces, Function<Trace, Tensor> part) {
        float[] expected = golden.floats(name);
        int size = expected.length / traces.size();
        for (int row = 0; row < traces.size(); row++) {
            float[] found = array(part.apply(traces.get(row)));
            float[] wanted = Arrays.copyOfRange(expected, row * size, (row + 1) * size);
            assertThat(found).as(name + " of example " + row).hasSize(size);
            assertThat(Norms.largestDifference(found, wanted))
                    .as(name + " of example " + row)
                    .isLessThan(1e-5);
        }
    }

    @Test
    void tokensAndShapes() {
        Trace trace = model.trace(PAIR);

        int n = trace.tokens().size();
        assertThat(trace.tokens()).isEqualTo(model.tokenizer().encode(PAIR, 512).tokens());
        assertThat(trace.hiddenStates())
                .hasSize(LAYERS + 1)
                .allSatisfy(hidden -> assertThat(hidden.shape()).containsExactly(n, HIDDEN));
        assertThat(trace.attentions())
                .hasSize(LAYERS)
                .allSatisfy(attention -> assertThat(attention.shape()).containsExactly(HEADS, n, n));
        assertThat(trace.logits().shape()).containsExactly(3);
        assertThat(trace.outputs()).containsOnlyKeys("logits");
    }

    @Test
    void logitsAreThoseOfThePrediction() {
        Map<String, Double> p = model.predict(PAIR).probabilities();

        FloatBuffer logits = model.trace(PAIR).logits().floats();

        assertThat(Math.log(p.get("neutral") / p.get("negative")))
                .isCloseTo((double) logits.get(1) - logits.get(0), within(1e-5));
        assertThat(Math.log(p.get("positive") / p.get("negative")))
                .isCloseTo((double) logits.get(2) - logits.get(0), within(1e-5));
    }

    @Test
    void whatATokenReadsSumsToOneAndNothingComesFromPadding() {
        Trace trace = model.trace(PAIR, Padding.MAX_LENGTH);

        int n = trace.tokens().size();
        int real = model.trace(PAIR).tokens().size();
        assertThat(n).isEqualTo(model.maxLength());
        assertThat(trace.tokens().subList(real, n)).containsOnly("[PAD]");
        for (Tensor attention : trace.attentions()) {
            FloatBuffer rows = attention.floats();
            for (int row = 0; row < HEADS * n; row++) {
                double sum = 0;
                for (int to = 0; to < n; to++) {
                    float weight = rows.get(row * n + to);
                    sum += weight;
                    if (to >= real) {
                        assertThat(weight).isZero();
                    }
                }
                assertThat(sum).isCloseTo(1, within(1e-5));
            }
        }
    }

    @Test
    void paddingChangesNoToken() {
        Trace alone = model.trace(PAIR);

        Trace padded = model.trace(PAIR, Padding.MAX_LENGTH);

        int n = alone.tokens().size();
        for (int i = 0; i <= LAYERS; i++) {
            float[] expected = array(alone.hiddenStates().get(i));
            float[] found = Arrays.copyOf(array(padded.hiddenStates().get(i)), n * HIDDEN);
            assertThat(Norms.largestDifference(found, expected)).isLessThan(1e-5);
        }
        assertThat(Norms.largestDifference(array(padded.logits()), array(alone.logits())))
                .isLessThan(1e-5);
    }

    @Test
    void aTraceShowsTheWeightsOfTheLastStep() {
        Trace before = model.trace(PAIR);
        try (Golden parity = Golden.open("golden/tiny_bert/parity.safetensors");
                var session = model.startTraining(SessionOptions.of(AdamW.defaults()))) {

            session.forwardBackward(parity.batch(""));
            session.step(0.01);

            assertThat(array(model.trace(PAIR).logits())).isNotEqualTo(array(before.logits()));
        }
    }

    @Test
    void aClosedModelShowsNothing() {
        Model<Text, String, Classification> closed = Models.withoutDropout();
        closed.close();

        assertThatIllegalStateException().isThrownBy(() -> closed.trace(PAIR)).withMessage("this model is closed");
    }

    private static float[] array(Tensor tensor) {
        float[] numbers = new float[tensor.floats().remaining()];
        tensor.floats().get(numbers);
        return numbers;
    }
}
