package io.bertfinetune.ort.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
    private final Graph graph = new Graph();
    private final Value x = graph.input("x", DataType.FLOAT, Shape.of(2, 3));
    private final Value y = graph.input("y", DataType.FLOAT, Shape.of(2, 3));

    @Test
    void whatIsWrittenTwiceIsThereOnce() {
        assertThat(x.plus(y)).isSameAs(x.plus(y));
        assertThat(x.plus(y).gelu()).isSameAs(x.plus(y).gelu());
        assertThat(graph.nodes()).hasSize(2);
    }

    @Test
    void otherInputsOrAttributesMakeAnotherNode() {
        Value ids = graph.input("ids", DataType.INT64, Shape.of(2));

        assertThat(x.minus(y)).isNotSameAs(y.minus(x));
        assertThat(x.plus(y)).isNotSameAs(x.times(y));
        assertThat(x.sum(0)).isNotSameAs(x.sum(1));
        assertThat(x.gemm(y, false, true, 1)).isNotSameAs(x.gemm(y, false, true, 2));
        assertThat(x.rows(0, Dim.ONE)).isNotSameAs(x.rows(1, Dim.ONE));
        assertThat(x.padRows(0, Dim.of(4))).isNotSameAs(x.padRows(0, Dim.of(5)));
        assertThat(x.reshape(Shape.of(6))).isNotSameAs(x.reshape(Shape.of(3, 2)));
        assertThat(x.scatterAdd(ids, Shape.of(4, 3))).isNotSameAs(x.scatterAdd(ids, Shape.of(5, 3)));
        assertThat(ids.oneHot(3)).isNotSameAs(ids.oneHot(4));
        assertThat(ids.oneHot(4).shape()).isEqualTo(Shape.of(2, 4));
    }

    @Test
    void equalConstantsAreOne() {
        assertThat(graph.constant(2)).isSameAs(graph.constant(2));
        assertThat(graph.constant(Shape.of(1), 2)).isNotSameAs(graph.constant(2));
        assertThat(graph.constant(0.0)).isNotSameAs(graph.constant(-0.0));
        assertThat(graph.constant(2).literal()).containsExactly(2);
        assertThat(graph.constant(2).isConstant()).isTrue();
        assertThat(x.isConstant()).isFalse();
    }

    @Test
    void constantsAreNotChangedFromOutside() {
        double[] numbers = {1, 2};
        Value constant = graph.constant(Shape.of(2), numbers);

        numbers[0] = 9;
        constant.literal()[1] = 9;

        assertThat(constant.literal()).containsExactly(1, 2);
    }

    @Test
    void constantNeedsAsManyNumbersAsItsShape() {
        assertThatThrownBy(() -> graph.constant(Shape.of(2, 2), 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("constant: shape [2, 2] and 3 numbers");
    }

    @Test
    void inputsHaveNamesOfTheirOwn() {
        assertThat(graph.inputs().keySet()).containsExactly("x", "y");
        assertThatThrownBy(() -> graph.input("x", DataType.FLOAT, Shape.SCALAR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("graph input 'x' is there already");
    }

    @Test
    void nodesComeAfterWhatTheyRead() {
        Value sum = x.plus(y);
        Value product = sum.times(x);
        Value root = product.sqrt();
        sum.exp();

        List<Node> nodes = graph.nodesFor(List.of(root));

        assertThat(nodes).extracting(Node::op).containsExactly(Op.ADD, Op.MUL, Op.SQRT);
    }

    @Test
    void nodesOfSeveralValuesAreThereOnce() {
        Value sum = x.plus(y);

        assertThat(graph.nodesFor(List.of(sum.exp(), sum.tanh(), sum)))
                .extracting(Node::op)
                .containsExactly(Op.ADD, Op.EXP, Op.TANH);
    }

    @Test
    void inputsAndConstantsNeedNoNodes() {
        assertThat(graph.nodesFor(List.of(x, graph.constant(1)))).isEmpty();
    }

    @Test
    void everyOutputKnowsItsNode() {
        Value ones = graph.constant(Shape.of(3), 1, 1, 1);
        Node node = x.layerNorm(ones, ones, 1e-5).producer().orElseThrow();

        assertThat(node.outputs()).extracting(Value::index).containsExactly(0, 1, 2);
        assertThat(node.outputs())
                .extracting(Value::shape)
                .containsExactly(Shape.of(2, 3), Shape.of(2, 1), Shape.of(2, 1));
        assertThat(graph.nodesFor(List.of(node.outputs().get(2)))).containsExactly(node);
    }

    @Test
    void nodeCanBeAppliedAgainInAnotherGraph() {
        Graph other = new Graph();
        Value z = other.input("z", DataType.FLOAT, Shape.of(2, 3));
        Node node = x.sum(1).producer().orElseThrow();

        Node again = node.on(List.of(z));

        assertThat(other.nodes()).containsExactly(again);
        assertThat(again.output().shape()).isEqualTo(Shape.of(2, 1));
        assertThat(again.attribute(Attribute.Axes.class).axes()).containsExactly(1);
    }

    @Test
    void valuesOfAnotherGraphAreRefused() {
        Value strange = new Graph().input("strange", DataType.FLOAT, Shape.of(2, 3));

        assertThatThrownBy(() -> x.plus(strange))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Add: strange[2, 3] belongs to another graph");
    }
}
