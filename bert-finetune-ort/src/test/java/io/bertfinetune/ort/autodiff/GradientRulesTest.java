package io.bertfinetune.ort.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.ort.engine.ReferenceInterpreter;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientRulesTest {
    private static final Map<String, Long> SIZES = OpSamples.SIZES.get(0);

    @ParameterizedTest
    @EnumSource(Op.class)
    void gradientMatchesFiniteDifferences(Op op) {
        for (OpSample sample : OpSamples.samplesOf(op)) {
            Map<Value, Value> gradients = Autodiff.gradients(sample.loss(), sample.differentiable());
            FiniteDifferences differences = new FiniteDifferences(sample.loss(), sample.numbers(SIZES, 1), SIZES);

            for (Value input : sample.differentiable()) {
                assertThat(differences.disagreement(input, gradients.get(input)))
                        .as("%s, gradient of %s", sample, input)
                        .isLessThan(1e-6);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void gradientHasTheShapeOfItsInput(Op op) {
        for (OpSample sample : OpSamples.samplesOf(op)) {
            Map<Value, Value> gradients = Autodiff.gradients(sample.loss(), sample.differentiable());

            gradients.forEach((input, gradient) -> assertThat(gradient.shape())
                    .as("%s, gradient of %s", sample, input)
                    .isEqualTo(input.shape()));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Op.class, names = ".*_GRAD", mode = EnumSource.Mode.MATCH_NONE)
    void gradientReachesTheDifferentiableInputsAlone(Op op) {
        for (OpSample sample : OpSamples.samplesOf(op)) {
            List<Value> inputs = sample.node().inputs().stream()
                    .filter(input -> !input.name().isEmpty())
                    .toList();

            Map<Value, Value> gradients = Autodiff.gradients(sample.loss(), inputs);

            assertThat(gradients.keySet())
                    .as("%s", sample)
                    .containsAll(sample.differentiable())
                    .isSubsetOf(sample.differentiable());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Op.class, names = ".*_GRAD", mode = EnumSource.Mode.MATCH_ALL)
    void aGradientIsNotDifferentiatedAgain(Op op) {
        OpSample sample = OpSamples.samplesOf(op).get(0);
        Value input = sample.node().in(0);

        assertThatThrownBy(() -> Autodiff.gradients(sample.loss(), List.of(input)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(op.onnxName() + " is a gradient");
    }

    @Test
    void equalNumbersShareTheGradientOfTheirMaximum() {
        Graph graph = new Graph();
        Value a = graph.input("a", DataType.FLOAT, Shape.of(3));
        Value b = graph.input("b", DataType.FLOAT, Shape.of(3));

        Map<Value, Value> gradients = Autodiff.gradients(a.max(b).sum(), List.of(a, b));

        Map<String, double[]> numbers = Map.of("a", new double[] {1, 2, 3}, "b", new double[] {2, 2, 2});
        Map<Value, double[]> found = ReferenceInterpreter.evaluate(gradients.values(), numbers, Map.of());
        assertThat(found.get(gradients.get(a))).containsExactly(0, 0.5, 1);
        assertThat(found.get(gradients.get(b))).containsExactly(1, 0.5, 0);
    }

    @Test
    void absoluteValueOfZeroHasNoSlope() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(3));

        Value gradient = Autodiff.gradients(x.abs().sum(), List.of(x)).get(x);

        assertThat(ReferenceInterpreter.evaluate(gradient, Map.of("x", new double[] {-2, 0, 2}), Map.of()))
                .containsExactly(-1, 0, 1);
    }
}
