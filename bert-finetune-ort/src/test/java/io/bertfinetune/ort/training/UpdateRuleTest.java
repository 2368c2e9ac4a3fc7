package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Update;
import io.bertfinetune.ort.graph.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a formula costs: how often every element of a parameter is gone through. */
class UpdateRuleTest {
    private static final ParameterInfo PARAMETER = new ParameterInfo("weight", List.of(2, 3));

    @Test
    void numbersAreMultipliedWithEachOtherBeforeTheElements() {
        Optimizer scaled =
                p -> Update.of(p.value().times(2).times(p.learningRate()).times(3));

        assertThat(elementwise(scaled, 0)).containsExactly("Mul");
    }

    @Test
    void numbersBehindAProductOfElementsAreOneNumber() {
        Optimizer squared = p -> Update.of(p.value().times(2).times(p.gradient()));

        assertThat(elementwise(squared, 0)).containsExactly("Mul", "Mul");
    }

    @Test
    void adamWDividesAndTakesRootsOnce() {
        assertThat(elementwise(AdamW.defaults(), 0.01))
                .hasSize(14)
                .containsOnlyOnce("Div", "Sqrt")
                .containsOnly("Add", "Sub", "Mul", "Div", "Sqrt");
    }

    /** The operators that work on elements, not on single numbers. */
    private static List<String> elementwise(Optimizer optimizer, double weightDecay) {
        UpdateRule rule = UpdateRule.of(optimizer, PARAMETER, weightDecay, 1);
        return rule.graph().nodesFor(rule.outputs().values()).stream()
                .filter(node -> node.output().shape().rank() > 0)
                .map(UpdateRuleTest::name)
                .toList();
    }

    private static String name(Node node) {
        return node.op().onnxName();
    }
}
