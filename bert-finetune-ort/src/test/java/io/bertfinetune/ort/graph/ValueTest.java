package io.bertfinetune.ort.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The shapes of every operator, and what is said when they do not fit. */
class ValueTest {
    private static final Dim BATCH = Dim.named("batch");
    private static final Dim SEQUENCE = Dim.named("sequence");
    private static final Dim TWO = Dim.of(2);
    private static final Dim FOUR = Dim.of(4);

    private final Graph graph = new Graph();
    private final Value x = floats("x", Shape.of(BATCH, SEQUENCE, FOUR));
    private final Value ids = graph.input("ids", DataType.INT64, Shape.of(BATCH, SEQUENCE));

    // ---- element by element ----------------------------------------------------------------------------------------

    @Test
    void elementwiseResultHasTheWiderShape() {
        Value row = floats("row", Shape.of(FOUR));

        assertThat(x.plus(row).shape()).isEqualTo(x.shape());
        assertThat(row.minus(x).shape()).isEqualTo(x.shape());
        assertThat(x.times(2).shape()).isEqualTo(x.shape());
        assertThat(x.gelu().shape()).isEqualTo(x.shape());
        assertThat(ids.plus(ids).type()).isEqualTo(DataType.INT64);
    }

    @Test
    void addingZeroAndMultiplyingByOneAreNothing() {
        assertThat(x.plus(0)).isSameAs(x);
        assertThat(x.times(1)).isSameAs(x);
    }

    @Test
    void elementwiseShapesMustBroadcast() {
        Value row = floats("row", Shape.of(5));

        assertRefused(() -> x.dividedBy(row), "Div: shapes [batch, sequence, 4] and [5] do not broadcast, 4 != 5");
    }

    @Test
    void elementwiseTypesMustBeTheSame() {
        assertRefused(() -> x.plus(ids), "Add: ids[batch, sequence] holds INT64, expected FLOAT");
        assertRefused(() -> ids.times(2), "Mul: constant[] holds FLOAT, expected INT64");
    }

    @Test
    void functionsAreOfFloats() {
        assertRefused(ids::exp, "Exp: ids[batch, sequence] holds INT64, expected FLOAT");
        assertRefused(ids::softmax, "Softmax: ids[batch, sequence] holds INT64, expected FLOAT");
    }

    @Test
    void softmaxNeedsAnAxis() {
        assertRefused(() -> graph.constant(1).softmax(), "axis -1 is outside of shape []");
        assertRefused(() -> graph.constant(1).logSoftmax(), "axis -1 is outside of shape []");
    }

    @Test
    void aGradientHasTheShapeOfWhatItIsTheGradientOf() {
        Value row = floats("row", Shape.of(FOUR));

        assertThat(x.geluGradient(x).shape()).isEqualTo(x.shape());
        assertRefused(
                () -> x.softmax().softmaxGradient(row),
                "SoftmaxGrad: gradient [4] of Softmax[batch, sequence, 4], expected its shape");
        assertRefused(() -> ids.geluGradient(ids), "GeluGrad: ids[batch, sequence] holds INT64, expected FLOAT");
    }

    @Test
    void gradientsAreOfTheNodeThatMadeTheValue() {
        assertRefused(
                () -> x.layerNormGradients(x),
                "x[batch, sequence, 4] has no gradients of LAYER_NORM, which did not make it");
        assertRefused(
                () -> x.exp().attendGradients(x),
                "Exp[batch, sequence, 4] has no gradients of ATTEND, which did not make it");
    }

    // ---- products --------------------------------------------------------------------------------------------------

    @Test
    void gemmMultipliesTransposedOrNot() {
        Value left = floats("left", Shape.of(BATCH, FOUR));
        Value right = floats("right", Shape.of(4, 3));

        assertThat(left.matMul(right).shape()).isEqualTo(Shape.of(BATCH, Dim.of(3)));
        assertThat(right.gemm(left, true, true, 1).shape()).isEqualTo(Shape.of(Dim.of(3), BATCH));
        assertThat(left.gemm(left, true, false, 1).shape()).isEqualTo(Shape.of(4, 4));
        assertThat(left.gemm(right, floats("row", Shape.of(3)), false, false, 1, 1)
                        .shape())
                .isEqualTo(Shape.of(BATCH, Dim.of(3)));
    }

    @Test
    void gemmIsOfTwoMatricesThatMultiply() {
        Value left = floats("left", Shape.of(5, 8));
        Value right = floats("right", Shape.of(9, 4));

        assertRefused(() -> left.matMul(x), "Gemm: left [5, 8] and right [batch, sequence, 4] are not two matrices");
        assertRefused(() -> left.matMul(right), "Gemm: left [5, 8] and right [9, 4] do not multiply, 8 != 9");
        assertRefused(
                () -> left.gemm(right, true, true, 1), "Gemm: left [5, 8]ᵀ and right [9, 4]ᵀ do not multiply, 5 != 4");
        assertRefused(() -> ids.gemm(left, false, false, 1), "Gemm: ids[batch, sequence] holds INT64, expected FLOAT");
    }

    @Test
    void gemmsAddendBroadcastsToTheProduct() {
        Value left = floats("left", Shape.of(5, 8));
        Value right = floats("right", Shape.of(8, 4));
        Value wide = floats("wide", Shape.of(2, 5, 4));
        Value other = floats("other", Shape.of(5, 3));

        assertRefused(
                () -> left.gemm(right, wide, false, false, 1, 1),
                "Gemm: addend [2, 5, 4] does not broadcast to [5, 4]");
        assertRefused(
                () -> left.gemm(right, other, false, false, 1, 1),
                "Gemm: shapes [5, 3] and [5, 4] do not broadcast, 3 != 4");
    }

    @Test
    void attentionLooksFromPositionToPosition() {
        Value queries = floats("queries", Shape.of(Dim.of(3), BATCH, TWO, FOUR));
        Value keys = floats("keys", Shape.of(SEQUENCE, BATCH, TWO, FOUR));
        Shape scores = Shape.of(BATCH, TWO, Dim.of(3), SEQUENCE);

        Value s = queries.headScores(keys, 0.5);

        assertThat(s.shape()).isEqualTo(scores);
        assertThat(s.headMix(keys, false, 1).shape()).isEqualTo(queries.shape());
        assertThat(s.headMix(queries, true, 1).shape()).isEqualTo(keys.shape());
        assertThat(s.attend(keys, Optional.empty()).shape()).isEqualTo(queries.shape());
        assertThat(s.attend(keys, Optional.of(floats("mask", scores))).shape()).isEqualTo(queries.shape());
    }

    @Test
    void attentionIsOfMatchingHeads() {
        Value keys = floats("keys", Shape.of(SEQUENCE, BATCH, TWO, FOUR));
        Value others = floats("others", Shape.of(SEQUENCE, BATCH, FOUR, FOUR));
        Value scores = floats("scores", Shape.of(BATCH, TWO, Dim.of(3), SEQUENCE));

        assertRefused(
                () -> others.headScores(keys, 1),
                "HeadScores: [sequence, batch, 4, 4] and [sequence, batch, 2, 4],"
                        + " expected [to, batch, heads, width] and [from, batch, heads, width]");
        assertRefused(
                () -> scores.headMix(others, false, 1),
                "HeadMix: [batch, 2, 3, sequence] and [sequence, batch, 4, 4],"
                        + " expected [batch, heads, to, from] and [from, batch, heads, width]");
        assertRefused(
                () -> scores.headMix(keys, true, 1),
                "HeadMix: [batch, 2, 3, sequence]ᵀ and [sequence, batch, 2, 4],"
                        + " expected [batch, heads, to, from] and [from, batch, heads, width]");
        assertRefused(
                () -> scores.attend(keys, Optional.of(keys)),
                "Attend: dropout mask [sequence, batch, 2, 4] for scores [batch, 2, 3, sequence]");
    }

    @Test
    void layerNormIsOfRows() {
        Value rows = floats("rows", Shape.of(BATCH, FOUR));
        Value weight = floats("weight", Shape.of(FOUR));
        Value narrow = floats("narrow", Shape.of(3));

        assertThat(rows.layerNorm(weight, weight, 1e-12).shape()).isEqualTo(rows.shape());
        assertRefused(
                () -> rows.layerNorm(narrow, weight, 1e-12),
                "LayerNormalization: rows [batch, 4], weight [3] and bias [4], expected [rows, width], [width] and [width]");
        assertRefused(
                () -> x.layerNorm(weight, weight, 1e-12),
                "LayerNormalization: rows [batch, sequence, 4], weight [4] and bias [4],"
                        + " expected [rows, width], [width] and [width]");
    }

    // ---- shapes ----------------------------------------------------------------------------------------------------

    @Test
    void reshapeKeepsTheNumberOfNumbers() {
        Shape flat = Shape.of(SEQUENCE.times(BATCH), FOUR);

        assertThat(x.reshape(flat).shape()).isEqualTo(flat);
        assertThat(x.reshape(flat)
                        .reshape(Shape.of(SEQUENCE, BATCH, TWO, TWO))
                        .shape()
                        .rank())
                .isEqualTo(4);
        assertThat(x.reshape(x.shape())).isSameAs(x);
        assertRefused(
                () -> x.reshape(Shape.of(BATCH, FOUR)),
                "Reshape: [batch, sequence, 4] to [batch, 4], 4·batch·sequence numbers to 4·batch");
        assertRefused(
                () -> x.reshape(Shape.of(BATCH.times(BATCH), FOUR)),
                "Reshape: [batch, sequence, 4] to [batch·batch, 4], 4·batch·sequence numbers to 4·batch·batch");
    }

    @Test
    void transposeTakesEveryAxisOnce() {
        assertThat(x.transpose(2, 0, 1).shape()).isEqualTo(Shape.of(FOUR, BATCH, SEQUENCE));
        assertRefused(
                () -> x.transpose(0, 1), "Transpose: [0, 1] is not an order of the 3 axes of [batch, sequence, 4]");
        assertRefused(
                () -> x.transpose(0, 1, 1),
                "Transpose: [0, 1, 1] is not an order of the 3 axes of [batch, sequence, 4]");
    }

    @Test
    void expandRepeats() {
        Value column = floats("column", Shape.of(SEQUENCE, Dim.ONE));

        assertThat(column.expand(x.shape()).shape()).isEqualTo(x.shape());
        assertThat(x.expand(x.shape())).isSameAs(x);
        assertRefused(
                () -> x.expand(Shape.of(SEQUENCE, FOUR)),
                "Expand: [batch, sequence, 4] does not repeat to [sequence, 4]");
        assertRefused(
                () -> column.expand(Shape.of(BATCH, FOUR)),
                "Expand: shapes [sequence, 1] and [batch, 4] do not broadcast, sequence != batch");
    }

    @Test
    void sumKeepsItsAxes() {
        assertThat(x.sum(0, -1).shape()).isEqualTo(Shape.of(Dim.ONE, SEQUENCE, Dim.ONE));
        assertThat(x.sum(2, 0)).isSameAs(x.sum(0, -1));
        assertThat(x.sum().shape()).isEqualTo(Shape.SCALAR);
        assertRefused(() -> x.sum(3), "axis 3 is outside of shape [batch, sequence, 4]");
    }

    @Test
    void rowsAreOfTheFirstAxis() {
        Value table = floats("table", Shape.of(6, 4));

        assertThat(table.rows(2, Dim.of(4)).shape()).isEqualTo(Shape.of(4, 4));
        assertThat(table.rows(0, SEQUENCE).shape()).isEqualTo(Shape.of(SEQUENCE, FOUR));
        assertThat(table.rows(0, Dim.of(6))).isSameAs(table);
        assertRefused(() -> table.rows(3, Dim.of(4)), "Slice: rows 3 to 7 of [6, 4], which has 6");
        assertRefused(() -> table.rows(-1, Dim.of(4)), "Slice: rows from -1 of [6, 4], expected from 0 on");
        assertRefused(() -> graph.constant(1).rows(0, Dim.ONE), "axis 0 is outside of shape []");
    }

    @Test
    void paddingMakesATotal() {
        Value rows = floats("rows", Shape.of(3, 4));

        assertThat(rows.padRows(1, Dim.of(6)).shape()).isEqualTo(Shape.of(6, 4));
        assertThat(rows.padRows(0, SEQUENCE).shape()).isEqualTo(Shape.of(SEQUENCE, FOUR));
        assertThat(rows.padRows(0, Dim.of(3))).isSameAs(rows);
        assertRefused(() -> rows.padRows(4, Dim.of(6)), "Pad: 4 rows before [3, 4] do not make 6");
        assertRefused(() -> rows.padRows(-1, Dim.of(6)), "Pad: -1 rows before [3, 4] do not make 6");
    }

    // ---- tables and ids --------------------------------------------------------------------------------------------

    @Test
    void gatherPicksARowForEveryId() {
        Value table = floats("table", Shape.of(7, 4));

        assertThat(table.gather(ids).shape()).isEqualTo(x.shape());
        assertRefused(() -> table.gather(x), "Gather: x[batch, sequence, 4] holds FLOAT, expected INT64");
        assertRefused(() -> x.gather(ids), "Gather: table [batch, sequence, 4] is not [rows, width] of known size");
    }

    @Test
    void scatterAddGivesATable() {
        Shape table = Shape.of(7, 4);

        assertThat(x.scatterAdd(ids, table).shape()).isEqualTo(table);
        assertRefused(
                () -> x.scatterAdd(ids, Shape.of(7, 5)),
                "ScatterND: rows [batch, sequence, 4] for ids [batch, sequence] and table [7, 5],"
                        + " expected [batch, sequence, 5]");
        assertRefused(() -> x.scatterAdd(x, table), "ScatterND: x[batch, sequence, 4] holds FLOAT, expected INT64");
        assertRefused(
                () -> x.scatterAdd(ids, Shape.of(BATCH, FOUR)),
                "ScatterND: table [batch, 4] is not [rows, width] of known size");
    }

    @Test
    void oneHotIsOfIds() {
        assertThat(ids.oneHot(5).shape()).isEqualTo(Shape.of(BATCH, SEQUENCE, Dim.of(5)));
        assertThat(ids.oneHot(5).type()).isEqualTo(DataType.FLOAT);
        assertRefused(() -> x.oneHot(5), "OneHot: x[batch, sequence, 4] holds FLOAT, expected INT64");
        Value one = graph.input("one", DataType.INT64, Shape.SCALAR);
        assertRefused(() -> one.oneHot(5), "OneHot: one[] is a single id, expected a list of ids");
    }

    @Test
    void castChangesTheType() {
        assertThat(ids.cast(DataType.FLOAT).type()).isEqualTo(DataType.FLOAT);
        assertThat(ids.cast(DataType.FLOAT).shape()).isEqualTo(ids.shape());
        assertThat(ids.cast(DataType.INT64)).isSameAs(ids);
    }

    @Test
    void saysWhatItIs() {
        assertThat(x).hasToString("x[batch, sequence, 4]");
        assertThat(x.exp()).hasToString("Exp[batch, sequence, 4]");
        assertThat(graph.constant(3)).hasToString("constant[]");
        assertThat(x.exp().producer().orElseThrow()).hasToString("Exp[x[batch, sequence, 4]]");
    }

    private Value floats(String name, Shape shape) {
        return graph.input(name, DataType.FLOAT, shape);
    }

    private static void assertRefused(ThrowingCallable build, String message) {
        assertThatThrownBy(build).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
