package io.bertfinetune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bertfinetune.data.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final List<String> TOKENS = List.of("[CLS]", "fine", "[SEP]");
    private static final Tensor HIDDEN = zeros(3, 4);
    private static final Tensor ATTENTION = zeros(2, 3, 3);
    private static final Map<String, Tensor> OUTPUTS = Map.of("logits", zeros(5));

    private static Tensor zeros(int... shape) {
        int size = 1;
        for (int dim : shape) {
            size *= dim;
        }
        return Tensor.ofFloats(new float[size], shape);
    }

    @Test
    void oneHiddenStateMoreThanLayers() {
        assertThat(new Trace(TOKENS, List.of(HIDDEN, HIDDEN), List.of(ATTENTION), OUTPUTS))
                .hasToString("Trace[1 layers of [[CLS], fine, [SEP]]]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trace(TOKENS, List.of(HIDDEN), List.of(ATTENTION), OUTPUTS))
                .withMessage("Trace: 1 hidden states and 1 attentions, expected one hidden state more: that of the"
                        + " embeddings");
    }

    @Test
    void everyShapeHasTheTokens() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trace(TOKENS, List.of(HIDDEN, zeros(4, 4)), List.of(ATTENTION), OUTPUTS))
                .withMessage("Trace: hidden state 1 has shape [4, 4], expected [tokens, hidden] with 3 tokens, the same"
                        + " in every layer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trace(TOKENS, List.of(HIDDEN, HIDDEN), List.of(zeros(2, 3, 4)), OUTPUTS))
                .withMessage(
                        "Trace: attention 0 has shape [2, 3, 4], expected [heads, from, to] with 3 tokens, the same"
                                + " in every layer");
    }

    @Test
    void everyLayerHasTheShapeOfTheFirst() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trace(TOKENS, List.of(HIDDEN, zeros(3, 8)), List.of(ATTENTION), OUTPUTS))
                .withMessageStartingWith("Trace: hidden state 1 has shape [3, 8]");
    }

    @Test
    void logitsAreTheOutputOfThatName() {
        Trace other = new Trace(TOKENS, List.of(HIDDEN), List.of(), Map.of("start_logits", zeros(3)));

        assertThat(new Trace(TOKENS, List.of(HIDDEN), List.of(), OUTPUTS)
                        .logits()
                        .shape())
                .containsExactly(5);
        assertThatIllegalStateException()
                .isThrownBy(other::logits)
                .withMessage("Trace: the head has no output 'logits'; there are [start_logits]");
    }

    @Test
    void aModelThatIsNoTransformerSaysSo() {
        InvocationHandler onlyDefaults = (proxy, method, args) -> InvocationHandler.invokeDefault(proxy, method, args);
        @SuppressWarnings("unchecked")
        Model<String, String, String> model = (Model<String, String, String>)
                Proxy.newProxyInstance(Model.class.getClassLoader(), new Class<?>[] {Model.class}, onlyDefaults);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> model.trace("fine"))
                .withMessageMatching("trace: .* does not show what it computes; a BERT of a backend does");
    }
}
