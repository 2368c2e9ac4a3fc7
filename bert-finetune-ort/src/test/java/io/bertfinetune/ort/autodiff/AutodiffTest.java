package io.bertfinetune.ort.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.ort.engine.ReferenceInterpreter;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AutodiffTest {
    private final Graph graph = new Graph();
    private final Value x = input("x", 2, 3);
    private final Map<String, double[]> numbers = Map.of("x", new double[] {1, 2, 3, 4, 5, 6});

    @Test
    void repeatedRowIsGivenTheSumOfItsColumns() {
        Value row = input("row", 3);

        assertThat(gradient(x.times(row).sum(), row)).containsExactly(5, 7, 9);
    }

    @Test
    void repeatedColumnIsGivenTheSumOfItsRows() {
        Value column = input("column", 2, 1);

        assertThat(gradient(x.times(column).sum(), column)).containsExactly(6, 15);
    }

    @Test
    void repeatedNumberIsGivenTheSumOfAll() {
        Value number = graph.input("number", DataType.FLOAT, Shape.SCALAR);

        assertThat(gradient(x.times(number).sum(), number)).containsExactly(21);
    }

    @Test
    void namedDimensionThatWasRepeatedIsSummed() {
        Value rows = graph.input("rows", DataType.FLOAT, Shape.of(Dim.named("batch"), Dim.of(2)));
        Value bias = input("bias", 1, 2);

        Value gradient =
                Autodiff.gradients(rows.plus(bias).sum(), List.of(bias)).get(bias);

        assertThat(gradient.shape()).isEqualTo(bias.shape());
        assertThat(ReferenceInterpreter.evaluate(gradient, Map.of(), Map.of("batch", 7L)))
                .containsExactly(7, 7);
    }

    @Test
    void gradientsOfSeveralReadersAddUp() {
        Value loss = x.times(x).plus(x).plus(x.times(10)).sum();

        assertThat(gradient(loss, x)).containsExactly(13, 15, 17, 19, 21, 23);
    }

    @Test
    void aLossIsItsOwnTarget() {
        Value loss = x.sum();

        assertThat(gradient(loss, loss)).containsExactly(1);
    }

    @Test
    void valuesOnTheWayMayBeTargets() {
        Value squares = x.times(x);
        Value loss = squares.times(3).sum();

        Map<Value, Value> gradients = Autodiff.gradients(loss, List.of(squares, x));

        assertThat(evaluate(gradients.get(squares))).containsOnly(3);
        assertThat(evaluate(gradients.get(x))).containsExactly(6, 12, 18, 24, 30, 36);
    }

    @Test
    void targetTheLossDoesNotDependOnHasNoGradient() {
        Value other = input("other", 2, 3);

        assertThat(Autodiff.gradients(x.sum(), List.of(x, other))).containsOnlyKeys(x);
    }

    @Test
    void noGradientFlowsThroughOperatorsWithoutOne() {
        assertThat(Autodiff.gradients(x.sign().sum(), List.of(x))).isEmpty();
    }

    @Test
    void frozenParametersNeedNoNodes() {
        Value frozen = input("frozen", 3, 4);
        Value weight = input("weight", 4, 2);
        Value hidden = x.matMul(frozen).gelu();
        Value loss = hidden.matMul(weight).sum();
        Graph top = new Graph();
        Value given = top.input("hidden", DataType.FLOAT, Shape.of(2, 4));
        Value topWeight = top.input("weight", DataType.FLOAT, Shape.of(4, 2));
        Value topLoss = given.matMul(topWeight).sum();

        List<Node> added = added(loss, weight);

        assertThat(graph.nodes())
                .filteredOn(node -> node.inputs().contains(frozen))
                .hasSize(1);
        assertThat(added).hasSameSizeAs(added(topLoss, topWeight)).isNotEmpty();
        assertThat(added(loss, frozen)).hasSizeGreaterThan(added.size());
        assertThat(added).noneMatch(node -> node.op() == Op.ERF);
    }

    @Test
    void gradientOfALossThatIsNoSingleNumberIsRefused() {
        assertThatThrownBy(() -> Autodiff.gradients(x, List.of(x)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the gradient of x[2, 3] is asked for, expected a single number; sum it first");
    }

    /** The nodes that the gradient needs and the loss does not. */
    private static List<Node> added(Value loss, Value target) {
        Value gradient = Autodiff.gradients(loss, List.of(target)).get(target);
        List<Node> added = new ArrayList<>(loss.graph().nodesFor(List.of(gradient)));
        added.removeAll(loss.graph().nodesFor(List.of(loss)));
        return added;
    }

    private double[] gradient(Value loss, Value target) {
        return evaluate(Autodiff.gradients(loss, List.of(target)).get(target));
    }

    private double[] evaluate(Value value) {
        return ReferenceInterpreter.evaluate(value, numbers, Map.of());
    }

    private Value input(String name, long... shape) {
        return graph.input(name, DataType.FLOAT, Shape.of(shape));
    }
}
