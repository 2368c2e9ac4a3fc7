package io.bertfinetune.ort.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The meaning of every operator, by numbers small enough to check by hand. */
class ReferenceInterpreterTest {
    private final Graph graph = new Graph();
    private final Map<String, double[]> numbers = new HashMap<>();

    @Test
    void elementByElement() {
        Value a = floats(Shape.of(2), 1, -4);
        Value b = floats(Shape.of(2), 2, 8);

        assertThat(found(a.plus(b))).containsExactly(3, 4);
        assertThat(found(a.minus(b))).containsExactly(-1, -12);
        assertThat(found(a.times(b))).containsExactly(2, -32);
        assertThat(found(a.dividedBy(b))).containsExactly(0.5, -0.5);
        assertThat(found(a.max(b))).containsExactly(2, 8);
        assertThat(found(a.abs())).containsExactly(1, 4);
        assertThat(found(a.sign())).containsExactly(1, -1);
        assertThat(found(b.times(2).sqrt())).containsExactly(2, 4);
        assertThat(found(a.exp())).containsExactly(Math.E, Math.exp(-4));
        assertThat(found(a.tanh())).containsExactly(Math.tanh(1), Math.tanh(-4));
    }

    @Test
    void signOfZeroIsZero() {
        assertThat(found(floats(Shape.of(3), -2, 0, 5).sign())).containsExactly(-1, 0, 1);
    }

    @Test
    void wholeNumbersDivideTowardsZero() {
        Value a = ids(Shape.of(2), 7, -7);
        Value b = ids(Shape.of(2), 2, 2);

        assertThat(found(a.dividedBy(b))).containsExactly(3, -3);
    }

    @Test
    void smallerValuesAreRepeated() {
        Value matrix = floats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

        assertThat(found(matrix.plus(floats(Shape.of(3), 10, 20, 30)))).containsExactly(11, 22, 33, 14, 25, 36);
        assertThat(found(matrix.plus(floats(Shape.of(2, 1), 10, 20)))).containsExactly(11, 12, 13, 24, 25, 26);
        assertThat(found(floats(Shape.of(2, 1), 1, 2).times(floats(Shape.of(1, 2), 3, 4))))
                .containsExactly(3, 4, 6, 8);
    }

    /** 0.8413447460685429 is the normal distribution up to 1. */
    @Test
    void geluIsTheNumberTimesTheNormalDistribution() {
        double[] gelu = found(floats(Shape.of(3), 0, 1, -1).gelu());

        assertThat(gelu[0]).isZero();
        assertThat(gelu[1]).isCloseTo(0.8413447460685429, within(1e-15));
        assertThat(gelu[2]).isCloseTo(0.8413447460685429 - 1, within(1e-15));
    }

    @Test
    void gemmMultipliesRowsByColumns() {
        Value a = floats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Value b = floats(Shape.of(3, 1), 1, 10, 100);

        assertThat(found(a.matMul(b))).containsExactly(321, 654);
        assertThat(found(b.gemm(a, true, true, 2))).containsExactly(642, 1308);
        assertThat(found(a.gemm(b, floats(Shape.of(1), 1), false, false, 1, 0.5)))
                .containsExactly(321.5, 654.5);
        assertThat(found(a.gemm(a, true, false, 1))).containsExactly(17, 22, 27, 22, 29, 36, 27, 36, 45);
    }

    @Test
    void headScoresMultiplyPositionsOfOneExampleAndHead() {
        Value queries = floats(Shape.of(1, 2, 1, 2), 1, 2, 3, 4); // [to, batch, heads, width]
        Value keys = floats(Shape.of(2, 2, 1, 2), 1, 0, 0, 1, 10, 0, 0, 10); // [from, batch, heads, width]

        assertThat(found(queries.headScores(keys, 0.5))).containsExactly(0.5, 5, 2, 20); // [batch, heads, to, from]
    }

    @Test
    void headMixWeighsThePositionsOfOneExampleAndHead() {
        Value weights = floats(Shape.of(2, 1, 1, 2), 1, 2, 3, 4); // [batch, heads, to, from]
        Value values = floats(Shape.of(2, 2, 1, 1), 1, 10, 100, 1000); // [from, batch, heads, width]
        Value turned = floats(Shape.of(2, 1, 2, 1), 1, 2, 3, 4); // [batch, heads, from, to]

        assertThat(found(weights.headMix(values, false, 2))).containsExactly(402, 8060); // [to, batch, heads, width]
        assertThat(found(turned.headMix(values, true, 2))).containsExactly(402, 8060);
    }

    @Test
    void softmaxSharesOutOne() {
        Value rows = floats(Shape.of(2, 2), 0, Math.log(3), 5, 5);

        assertThat(found(rows.softmax())).containsExactly(new double[] {0.25, 0.75, 0.5, 0.5}, within(1e-15));
        assertThat(found(rows.logSoftmax()))
                .containsExactly(
                        new double[] {Math.log(0.25), Math.log(0.75), Math.log(0.5), Math.log(0.5)}, within(1e-15));
    }

    @Test
    void softmaxOfGreatNumbersIsFinite() {
        assertThat(found(floats(Shape.of(2), 1e300, -1e300).softmax())).containsExactly(1, 0);
    }

    @Test
    void attendMixesValuesBySoftmaxAndMask() {
        Value scores = floats(Shape.of(1, 1, 1, 2), 0, Math.log(3));
        Value values = floats(Shape.of(2, 1, 1, 2), 4, 8, 12, 16);
        Value mask = floats(Shape.of(1, 1, 1, 2), 0, 2);

        assertThat(found(scores.attend(values, Optional.empty())))
                .containsExactly(new double[] {10, 14}, within(1e-14));
        assertThat(found(scores.attend(values, Optional.of(mask))))
                .containsExactly(new double[] {18, 24}, within(1e-14));
    }

    @Test
    void layerNormIsByPopulationVariance() {
        Value x = floats(Shape.of(1, 2), 1, 5);
        Value y = x.layerNorm(floats(Shape.of(2), 10, 20), floats(Shape.of(2), 3, 4), 12);
        List<Value> outputs = y.producer().orElseThrow().outputs();

        assertThat(found(y)).containsExactly(3 - 5, 4 + 10); // mean 3, variance 4, one over the root of 4 + 12
        assertThat(found(outputs.get(1))).containsExactly(3);
        assertThat(found(outputs.get(2))).containsExactly(0.25);
    }

    @Test
    void shapesChangeAndNumbersMove() {
        Value x = floats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

        assertThat(found(x.reshape(Shape.of(3, 2)))).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(found(x.transpose(1, 0))).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(found(x.reshape(Shape.of(1, 2, 3)).transpose(2, 0, 1))).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(found(floats(Shape.of(2, 1), 1, 2).expand(Shape.of(2, 2, 2))))
                .containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
    }

    @Test
    void sumsStayWithLengthOne() {
        Value x = floats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

        assertThat(found(x.sum(0))).containsExactly(5, 7, 9);
        assertThat(found(x.sum(1))).containsExactly(6, 15);
        assertThat(found(x.sum())).containsExactly(21);
    }

    @Test
    void rowsAreCutOutAndPadded() {
        Value x = floats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);

        assertThat(found(x.rows(1, Dim.of(2)))).containsExactly(3, 4, 5, 6);
        assertThat(found(x.rows(0, Dim.ONE).padRows(1, Dim.of(3)))).containsExactly(0, 0, 1, 2, 0, 0);
    }

    @Test
    void idsPickRowsAndAddThem() {
        Value table = floats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        Value ids = ids(Shape.of(3), 2, 0, 2);

        assertThat(found(table.gather(ids))).containsExactly(5, 6, 1, 2, 5, 6);
        assertThat(found(table.scatterAdd(ids, Shape.of(4, 2)))).containsExactly(3, 4, 0, 0, 6, 8, 0, 0);
        assertThat(found(ids.oneHot(3))).containsExactly(0, 0, 1, 1, 0, 0, 0, 0, 1);
    }

    @Test
    void negativeIdsCountFromTheEnd() {
        Value table = floats(Shape.of(2, 1), 1, 2);

        assertThat(found(table.gather(ids(Shape.of(2), -1, -2)))).containsExactly(2, 1);
        assertThat(found(ids(Shape.of(3), -1, -100, 9).oneHot(2))).containsExactly(0, 1, 0, 0, 0, 0);
    }

    @Test
    void idOutsideOfATableIsRefused() {
        Value table = floats(Shape.of(2, 1), 1, 2);

        assertThatThrownBy(() -> found(table.gather(ids(Shape.of(1), 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id 2 is outside of a table of 2 rows");
    }

    @Test
    void castCutsTowardsZero() {
        assertThat(found(floats(Shape.of(3), 1.9, -1.9, 3).cast(DataType.INT64)))
                .containsExactly(1, -1, 3);
        assertThat(found(ids(Shape.of(2), 4, 5).cast(DataType.FLOAT))).containsExactly(4, 5);
    }

    @Test
    void namesOfDimensionsAreReadOffTheInputs() {
        Value x = graph.input("x", DataType.FLOAT, Shape.of(Dim.named("batch"), Dim.named("sequence")));
        Program program = Program.of(
                "flat", Map.of("y", x.reshape(Shape.of(Dim.named("batch").times(Dim.named("sequence"))))));

        Map<String, Long> dimensions = ReferenceInterpreter.dimensions(program.inputs(), Map.of("x", List.of(1L, 2L)));

        assertThat(dimensions).containsExactlyInAnyOrderEntriesOf(Map.of("batch", 1L, "sequence", 2L));
        assertThat(ReferenceInterpreter.run(program, Map.of("x", new double[] {3, 4}), dimensions)
                        .get("y"))
                .containsExactly(3, 4);
    }

    @Test
    void missingAndMisfittingNumbersAreRefused() {
        Value x = graph.input("x", DataType.FLOAT, Shape.of(2, 2));

        assertThatThrownBy(() -> ReferenceInterpreter.evaluate(x.exp(), Map.of(), Map.of()))
                .hasMessage("no numbers for input x[2, 2]; there are []");
        assertThatThrownBy(() -> ReferenceInterpreter.evaluate(x.exp(), Map.of("x", new double[3]), Map.of()))
                .hasMessage("x[2, 2] is [2, 2] and has 3 numbers");
    }

    private Value floats(Shape shape, double... values) {
        return given(DataType.FLOAT, shape, values);
    }

    private Value ids(Shape shape, double... values) {
        return given(DataType.INT64, shape, values);
    }

    private Value given(DataType type, Shape shape, double... values) {
        String name = "input " + numbers.size();
        numbers.put(name, values);
        return graph.input(name, type, shape);
    }

    private double[] found(Value value) {
        return ReferenceInterpreter.evaluate(value, numbers, Map.of());
    }
}
