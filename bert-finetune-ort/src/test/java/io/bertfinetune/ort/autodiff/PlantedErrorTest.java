package io.bertfinetune.ort.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link GradientRulesTest} would notice an error of one percent in any rule, for any input. */
class PlantedErrorTest {
    private static final Map<String, Long> SIZES = OpSamples.SIZES.get(0);

    @ParameterizedTest
    @EnumSource(Op.class)
    void anErrorOfOnePercentIsNoticed(Op op) {
        for (OpSample sample : OpSamples.samplesOf(op)) {
            for (Value input : sample.differentiable()) {
                Autodiff planted = new Autodiff(rulesWithErrorAt(sample, input));
                FiniteDifferences differences = new FiniteDifferences(sample.loss(), sample.numbers(SIZES, 1), SIZES);

                Value gradient = planted.of(sample.loss(), List.of(input)).get(input);

                assertThat(differences.disagreement(input, gradient))
                        .as("%s, one percent too much gradient of %s", sample, input)
                        .isBetween(0.005, 0.015);
            }
        }
    }

    private static Autodiff.Rules rulesWithErrorAt(OpSample sample, Value input) {
        return (node, dy) -> {
            List<Optional<Value>> right = GradientRules.gradients(node, dy);
            if (node != sample.node()) {
                return right;
            }
            List<Optional<Value>> wrong = new ArrayList<>(right);
            int index = node.inputs().indexOf(input);
            wrong.set(index, right.get(index).map(gradient -> gradient.times(1.01)));
            return wrong;
        };
    }
}
