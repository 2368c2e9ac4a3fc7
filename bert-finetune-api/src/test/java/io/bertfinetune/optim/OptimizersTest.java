package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The formulas of the optimizers, in plain doubles. */
class OptimizersTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.optim.GoldenOptimizers#cases")
    void fiftyStepsEqualPyTorch(GoldenOptimizers.Case run) {
        Optimizer optimizer = run.build();
        for (ParameterInfo info : GoldenOptimizers.parameters()) {
            DoubleParameter parameter =
                    new DoubleParameter(info, run.weight_decay(), GoldenOptimizers.initial(info.name()));
            List<double[]> gradients = GoldenOptimizers.gradients(info.name());
            for (int step = 1; step <= gradients.size(); step++) {
                parameter.step(optimizer, run.learning_rate(), step, gradients.get(step - 1));
                assertEqual(
                        parameter.numbers(),
                        run.after().getOrDefault(step, Map.of()).get(info.name()));
            }
            assertThat(run.after()).containsKey(gradients.size());
        }
    }

    private static void assertEqual(double[] found, double... expected) {
        if (expected != null) {
            assertThat(found).containsExactly(expected, within(1e-12));
        }
    }
}
