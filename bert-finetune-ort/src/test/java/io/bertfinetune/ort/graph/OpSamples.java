package io.bertfinetune.ort.graph;

import io.bertfinetune.ort.graph.OpSample.Fill;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Small programs for every operator: what engines are compared with the reference by, and gradients with finite
 * differences. An operator without samples does not compile.
 */
public final class OpSamples {
    /** Values for the dimension names that samples have; the first is the one where every gradient is other than zero. */
    public static final List<Map<String, Long>> SIZES = List.of(
            Map.of("batch", 2L, "sequence", 3L),
            Map.of("batch", 1L, "sequence", 5L),
            Map.of("batch", 4L, "sequence", 1L));

    private static final Dim BATCH = Dim.named("batch");
    private static final Dim SEQUENCE = Dim.named("sequence");
    private static final Dim TWO = Dim.of(2);
    private static final Dim FOUR = Dim.of(4);

    private static final Fill NORMAL = random -> random.nextGaussian();
    private static final Fill WIDE = random -> 3 * random.nextGaussian();
    private static final Fill POSITIVE = random -> 0.5 + 2 * random.nextDouble();
    private static final Fill HALVES = random -> (random.nextInt(9) - 4) / 2.0;
    /** Never zero, nor one of the {@link #HALVES}, nor near them. */
    private static final Fill QUARTERS = random -> (random.nextInt(9) - 4) / 2.0 + 0.25;

    private static final Fill DROPOUT = random -> random.nextDouble() < 0.3 ? 0 : 1 / 0.7;

    private OpSamples() {}

    /** Samples of an operator. */
    public static List<OpSample> samplesOf(Op op) {
        return switch (op) {
            case ADD -> binary(op, Value::plus, NORMAL, NORMAL);
            case SUB -> binary(op, Value::minus, NORMAL, NORMAL);
            case MUL -> binary(op, Value::times, NORMAL, NORMAL);
            case DIV -> binary(op, Value::dividedBy, NORMAL, QUARTERS);
            case MAX -> binary(op, Value::max, HALVES, QUARTERS);
            case SQRT -> unary(op, Value::sqrt, POSITIVE, true);
            case EXP -> unary(op, Value::exp, NORMAL, true);
            case TANH -> unary(op, Value::tanh, NORMAL, true);
            case ERF -> unary(op, Value::erf, NORMAL, true);
            case SIGN -> unary(op, Value::sign, QUARTERS, false);
            case ABS -> unary(op, Value::abs, QUARTERS, true);
            case GELU -> unary(op, Value::gelu, WIDE, true);
            case GELU_GRAD -> geluGradient();
            case SOFTMAX -> rows(op, Value::softmax);
            case SOFTMAX_GRAD -> softmaxGradient();
            case LOG_SOFTMAX -> rows(op, Value::logSoftmax);
            case GEMM -> gemm();
            case HEAD_SCORES -> headScores();
            case HEAD_MIX -> headMix();
            case ATTEND -> attend();
            case ATTEND_GRAD -> attendGradients();
            case LAYER_NORM -> layerNorm();
            case LAYER_NORM_GRAD -> layerNormGradients();
            case RESHAPE -> reshape();
            case TRANSPOSE -> transpose();
            case EXPAND -> expand();
            case REDUCE_SUM -> reduceSum();
            case SLICE -> slice();
            case PAD -> pad();
            case GATHER -> gather();
            case SCATTER_ADD -> scatterAdd();
            case ONE_HOT -> oneHot();
            case CAST -> cast();
        };
    }

    private static List<OpSample> binary(Op op, BinaryOperator<Value> f, Fill left, Fill right) {
        List<OpSample> samples = new ArrayList<>();
        List<List<Shape>> shapes = List.of(
                List.of(Shape.of(2, 3), Shape.of(2, 3)),
                List.of(Shape.of(2, 3), Shape.of(3)),
                List.of(Shape.of(3), Shape.of(2, 3)),
                List.of(Shape.of(2, 1), Shape.of(2, 3)),
                List.of(Shape.of(3, 1), Shape.of(1, 4)),
                List.of(Shape.of(2, 3), Shape.SCALAR),
                List.of(Shape.of(BATCH, SEQUENCE, FOUR), Shape.of(BATCH, SEQUENCE, FOUR)),
                List.of(Shape.of(BATCH, SEQUENCE, FOUR), Shape.of(SEQUENCE, Dim.ONE)),
                List.of(Shape.of(BATCH, Dim.ONE, Dim.ONE, SEQUENCE), Shape.of(BATCH, TWO, SEQUENCE, SEQUENCE)));
        for (List<Shape> pair : shapes) {
            SampleGraph g = new SampleGraph();
            Value a = g.filled("a", pair.get(0), left);
            Value b = g.filled("b", pair.get(1), right);
            samples.add(g.sample("of " + pair.get(0) + " and " + pair.get(1), op, f.apply(a, b), a, b));
        }
        SampleGraph behind = new SampleGraph();
        Value a = behind.filled("a", Shape.of(BATCH, FOUR), left);
        samples.add(behind.sample("with a number", op, f.apply(a, behind.constant(0.1)), a));
        SampleGraph before = new SampleGraph();
        Value b = before.filled("b", Shape.of(BATCH, FOUR), right);
        samples.add(before.sample("of a number", op, f.apply(before.constant(0.1), b), b));
        return samples;
    }

    private static List<OpSample> unary(Op op, UnaryOperator<Value> f, Fill fill, boolean differentiable) {
        return Stream.of(Shape.SCALAR, Shape.of(5), Shape.of(2, 3), Shape.of(BATCH, SEQUENCE, TWO))
                .map(shape -> {
                    SampleGraph g = new SampleGraph();
                    Value x = g.filled("x", shape, fill);
                    return g.sample("of " + shape, op, f.apply(x), differentiable ? new Value[] {x} : new Value[0]);
                })
                .toList();
    }

    private static List<OpSample> rows(Op op, UnaryOperator<Value> f) {
        return Stream.of(
                        Shape.of(5),
                        Shape.of(2, 5),
                        Shape.of(BATCH, Dim.of(7)),
                        Shape.of(BATCH, TWO, SEQUENCE, SEQUENCE))
                .map(shape -> {
                    SampleGraph g = new SampleGraph();
                    Value x = g.filled("x", shape, WIDE);
                    return g.sample("of " + shape, op, f.apply(x), x);
                })
                .toList();
    }

    private static List<OpSample> gemm() {
        List<OpSample> samples = new ArrayList<>();
        for (boolean transA : List.of(false, true)) {
            for (boolean transB : List.of(false, true)) {
                String how = "A" + (transA ? "ᵀ" : "") + "B" + (transB ? "ᵀ" : "");
                Shape left = transA ? Shape.of(FOUR, BATCH) : Shape.of(BATCH, FOUR);
                Shape right = transB ? Shape.of(3, 4) : Shape.of(4, 3);
                SampleGraph g = new SampleGraph();
                Value a = g.normal("a", left);
                Value b = g.normal("b", right);
                samples.add(g.sample(how, Op.GEMM, a.gemm(b, transA, transB, 1), a, b));
                samples.add(withAddend(
                        how + " and a matrix", left, right, Shape.of(BATCH, Dim.of(3)), transA, transB, 0.7));
                samples.add(withAddend(how + " and a row", left, right, Shape.of(3), transA, transB, 1));
            }
        }
        samples.add(
                withAddend("and a row of rank 2", Shape.of(2, 4), Shape.of(4, 3), Shape.of(1, 3), false, false, -2));
        samples.add(withAddend("and a column", Shape.of(2, 4), Shape.of(4, 3), Shape.of(2, 1), false, false, 1));
        samples.add(withAddend("and a number", Shape.of(2, 4), Shape.of(4, 3), Shape.SCALAR, false, false, 1));
        SampleGraph inner = new SampleGraph();
        Value x = inner.normal("x", Shape.of(BATCH, FOUR));
        Value dy = inner.normal("dy", Shape.of(BATCH, TWO));
        samples.add(inner.sample("over a named dimension", Op.GEMM, x.gemm(dy, true, false, -0.5), x, dy));
        return samples;
    }

    private static OpSample withAddend(
            String name, Shape left, Shape right, Shape addend, boolean transA, boolean transB, double beta) {
        SampleGraph g = new SampleGraph();
        Value a = g.normal("a", left);
        Value b = g.normal("b", right);
        Value c = g.normal("c", addend);
        return g.sample(name, Op.GEMM, a.gemm(b, c, transA, transB, 0.5, beta), a, b, c);
    }

    private static List<OpSample> headScores() {
        return Stream.of(
                        List.of(Shape.of(3, 2, 2, 4), Shape.of(5, 2, 2, 4)),
                        List.of(Shape.of(SEQUENCE, BATCH, TWO, FOUR), Shape.of(SEQUENCE, BATCH, TWO, FOUR)),
                        List.of(Shape.of(Dim.ONE, BATCH, TWO, FOUR), Shape.of(SEQUENCE, BATCH, TWO, FOUR)))
                .map(shapes -> {
                    SampleGraph g = new SampleGraph();
                    Value queries = g.normal("queries", shapes.get(0));
                    Value keys = g.normal("keys", shapes.get(1));
                    return g.sample("of " + shapes, Op.HEAD_SCORES, queries.headScores(keys, 0.25), queries, keys);
                })
                .toList();
    }

    private static List<OpSample> headMix() {
        List<OpSample> samples = new ArrayList<>();
        for (boolean transposed : List.of(false, true)) {
            samples.add(headMix(
                    transposed ? Shape.of(2, 2, 5, 3) : Shape.of(2, 2, 3, 5), Shape.of(5, 2, 2, 4), transposed));
            samples.add(headMix(
                    Shape.of(BATCH, TWO, SEQUENCE, SEQUENCE), Shape.of(SEQUENCE, BATCH, TWO, FOUR), transposed));
        }
        return samples;
    }

    private static OpSample headMix(Shape weights, Shape values, boolean transposed) {
        SampleGraph g = new SampleGraph();
        Value p = g.normal("p", weights);
        Value v = g.normal("v", values);
        String name = weights + (transposed ? "ᵀ" : "") + " and " + values;
        return g.sample(name, Op.HEAD_MIX, p.headMix(v, transposed, -0.5), p, v);
    }

    private static List<OpSample> attend() {
        List<OpSample> samples = new ArrayList<>();
        for (boolean dropout : List.of(false, true)) {
            samples.add(attend(Shape.of(2, 2, 3, 5), Shape.of(5, 2, 2, 4), dropout));
            samples.add(
                    attend(Shape.of(BATCH, TWO, SEQUENCE, SEQUENCE), Shape.of(SEQUENCE, BATCH, TWO, FOUR), dropout));
        }
        return samples;
    }

    private static OpSample attend(Shape scores, Shape values, boolean dropout) {
        SampleGraph g = new SampleGraph();
        Value s = g.normal("s", scores);
        Value v = g.normal("v", values);
        Optional<Value> mask = dropout ? Optional.of(g.filled("mask", scores, DROPOUT)) : Optional.empty();
        String name = scores + " and " + values + (dropout ? " with dropout" : "");
        return g.sample(name, Op.ATTEND, s.attend(v, mask), s, v);
    }

    // Gradients are not differentiated again.

    private static List<OpSample> geluGradient() {
        return Stream.of(Shape.SCALAR, Shape.of(2, 3), Shape.of(BATCH, SEQUENCE, TWO))
                .map(shape -> {
                    SampleGraph g = new SampleGraph();
                    Value x = g.filled("x", shape, WIDE);
                    return g.sample("of " + shape, Op.GELU_GRAD, x.geluGradient(g.normal("dy", shape)));
                })
                .toList();
    }

    private static List<OpSample> softmaxGradient() {
        return Stream.of(Shape.of(5), Shape.of(BATCH, Dim.of(7)), Shape.of(BATCH, TWO, SEQUENCE, SEQUENCE))
                .map(shape -> {
                    SampleGraph g = new SampleGraph();
                    Value y = g.filled("x", shape, WIDE).softmax();
                    return g.sample("of " + shape, Op.SOFTMAX_GRAD, y.softmaxGradient(g.normal("dy", shape)));
                })
                .toList();
    }

    private static List<OpSample> attendGradients() {
        List<OpSample> samples = new ArrayList<>();
        for (boolean dropout : List.of(false, true)) {
            samples.add(attendGradients(Shape.of(2, 2, 3, 5), Shape.of(5, 2, 2, 4), dropout));
            samples.add(attendGradients(
                    Shape.of(BATCH, TWO, SEQUENCE, SEQUENCE), Shape.of(SEQUENCE, BATCH, TWO, FOUR), dropout));
        }
        return samples;
    }

    private static OpSample attendGradients(Shape scores, Shape values, boolean dropout) {
        SampleGraph g = new SampleGraph();
        Value s = g.normal("s", scores);
        Value v = g.normal("v", values);
        Optional<Value> mask = dropout ? Optional.of(g.filled("mask", scores, DROPOUT)) : Optional.empty();
        Value y = s.attend(v, mask);
        List<Value> gradients = y.attendGradients(g.normal("dy", y.shape()));
        String name = scores + " and " + values + (dropout ? " with dropout" : "");
        return g.sample(name, Op.ATTEND_GRAD, Map.of("y", gradients.get(0), "gradient of values", gradients.get(1)));
    }

    private static List<OpSample> layerNormGradients() {
        return Stream.of(Shape.of(3, 4), Shape.of(BATCH.times(SEQUENCE), Dim.of(8)))
                .map(shape -> {
                    SampleGraph g = new SampleGraph();
                    Value dimensions = g.normal("dimensions", Shape.of(BATCH, SEQUENCE));
                    Value weight = g.normal("weight", Shape.of(shape.dim(1)));
                    Value bias = g.normal("bias", Shape.of(shape.dim(1)));
                    Value y = g.filled("x", shape, WIDE).layerNorm(weight, bias, 1e-3);
                    List<Value> gradients = y.layerNormGradients(g.normal("dy", shape));
                    Map<String, Value> outputs = Map.of(
                            "y", gradients.get(0),
                            "gradient of weight", gradients.get(1),
                            "gradient of bias", gradients.get(2),
                            "sizes", dimensions.times(2));
                    return g.sample("of " + shape, Op.LAYER_NORM_GRAD, outputs);
                })
                .toList();
    }

    private static List<OpSample> layerNorm() {
        return Stream.of(Shape.of(3, 4), Shape.of(BATCH, Dim.of(8)), Shape.of(BATCH.times(SEQUENCE), Dim.of(8)))
                .map(shape -> {
                    SampleGraph g = new SampleGraph();
                    Value dimensions = g.normal("dimensions", Shape.of(BATCH, SEQUENCE));
                    Value x = g.filled("x", shape, WIDE);
                    Value weight = g.normal("weight", Shape.of(shape.dim(1)));
                    Value bias = g.normal("bias", Shape.of(shape.dim(1)));
                    Value y = x.layerNorm(weight, bias, 1e-3);
                    List<Value> all = y.producer().orElseThrow().outputs();
                    Map<String, Value> outputs = Map.of(
                            "y", y,
                            "mean", all.get(1),
                            "inverseDeviation", all.get(2),
                            "sizes", dimensions.times(2));
                    return g.sample("of " + shape, Op.LAYER_NORM, outputs, x, weight, bias);
                })
                .toList();
    }

    private static List<OpSample> reshape() {
        return List.of(
                reshape(Shape.of(2, 6), Shape.of(3, 4)),
                reshape(Shape.of(1, 1), Shape.SCALAR),
                reshape(Shape.SCALAR, Shape.of(1)),
                reshape(Shape.of(BATCH, SEQUENCE, FOUR), Shape.of(BATCH.times(SEQUENCE), FOUR)),
                reshape(Shape.of(BATCH, SEQUENCE, FOUR), Shape.of(SEQUENCE, BATCH, TWO, TWO)),
                reshape(Shape.of(BATCH, FOUR), Shape.of(BATCH.times(FOUR))),
                wholeNumbers("whole numbers", Op.RESHAPE, ids -> ids.reshape(Shape.of(BATCH.times(SEQUENCE)))));
    }

    private static OpSample reshape(Shape from, Shape to) {
        SampleGraph g = new SampleGraph();
        Value x = g.normal("x", from);
        return g.sample(from + " to " + to, Op.RESHAPE, x.reshape(to), x);
    }

    private static List<OpSample> transpose() {
        return List.of(
                transpose(Shape.of(2, 3), 1, 0),
                transpose(Shape.of(2, 3, 4), 2, 0, 1),
                transpose(Shape.of(BATCH, SEQUENCE, FOUR), 1, 0, 2),
                transpose(Shape.of(BATCH, TWO, SEQUENCE, FOUR), 2, 0, 1, 3),
                wholeNumbers("whole numbers", Op.TRANSPOSE, ids -> ids.transpose(1, 0)));
    }

    private static OpSample transpose(Shape shape, Integer... order) {
        SampleGraph g = new SampleGraph();
        Value x = g.normal("x", shape);
        return g.sample(shape + " by " + List.of(order), Op.TRANSPOSE, x.transpose(order), x);
    }

    private static List<OpSample> expand() {
        return List.of(
                expand(Shape.SCALAR, Shape.of(2, 3)),
                expand(Shape.of(3, 1), Shape.of(2, 3, 4)),
                expand(Shape.of(FOUR), Shape.of(BATCH, FOUR)),
                expand(Shape.of(BATCH, Dim.ONE, FOUR), Shape.of(BATCH, SEQUENCE, FOUR)));
    }

    private static OpSample expand(Shape from, Shape to) {
        SampleGraph g = new SampleGraph();
        Value dimensions = g.normal("dimensions", Shape.of(BATCH, SEQUENCE));
        Value x = g.normal("x", from);
        return g.sample(from + " to " + to, Op.EXPAND, Map.of("y", x.expand(to), "sizes", dimensions.times(2)), x);
    }

    private static List<OpSample> reduceSum() {
        return List.of(
                reduceSum(Shape.of(2, 3), 0),
                reduceSum(Shape.of(2, 3), -1),
                reduceSum(Shape.of(2, 3, 4), 0, 2),
                reduceSum(Shape.of(2, 3, 4), 0, 1, 2),
                reduceSum(Shape.of(BATCH, FOUR), 0),
                reduceSum(Shape.of(BATCH, SEQUENCE, FOUR), 0, 1),
                reduceSum(Shape.of(BATCH, SEQUENCE, FOUR), 2),
                reduceSum(Shape.SCALAR));
    }

    private static OpSample reduceSum(Shape shape, int... axes) {
        SampleGraph g = new SampleGraph();
        Value x = g.normal("x", shape);
        Value y = x.sum(axes);
        return g.sample(shape + " to " + y.shape(), Op.REDUCE_SUM, y, x);
    }

    private static List<OpSample> slice() {
        SampleGraph g = new SampleGraph();
        Value table = g.normal("table", Shape.of(6, 4));
        Value x = g.normal("x", Shape.of(BATCH, SEQUENCE, FOUR));
        OpSample positions = g.sample(
                "as many rows as there are positions",
                Op.SLICE,
                table.rows(0, SEQUENCE).plus(x),
                table);
        SampleGraph h = new SampleGraph();
        Value later = h.normal("table", Shape.of(7, 4));
        Value z = h.normal("x", Shape.of(BATCH, SEQUENCE, FOUR));
        OpSample laterPositions = h.sample(
                "the same from row 2 on", Op.SLICE, later.rows(2, SEQUENCE).plus(z), later);
        return List.of(
                slice(Shape.of(5, 3), 0, 2),
                slice(Shape.of(5, 3), 1, 3),
                slice(Shape.of(5), 4, 1),
                slice(Shape.of(SEQUENCE, BATCH, FOUR), 0, 1),
                positions,
                laterPositions);
    }

    private static OpSample slice(Shape shape, long start, long count) {
        SampleGraph g = new SampleGraph();
        Value x = g.normal("x", shape);
        return g.sample(count + " rows of " + shape + " from " + start, Op.SLICE, x.rows(start, Dim.of(count)), x);
    }

    private static List<OpSample> pad() {
        return List.of(
                pad(Shape.of(2, 3), 0, Dim.of(5)),
                pad(Shape.of(2, 3), 2, Dim.of(5)),
                pad(Shape.of(2, 3), 3, Dim.of(5)),
                pad(Shape.of(2), 1, Dim.of(4)),
                pad(Shape.of(Dim.ONE, BATCH, FOUR), 0, SEQUENCE),
                pad(Shape.of(SEQUENCE, BATCH), 1, Dim.of(7)),
                pad(Shape.of(SEQUENCE, BATCH), 0, Dim.of(7)));
    }

    private static OpSample pad(Shape shape, long before, Dim total) {
        SampleGraph g = new SampleGraph();
        Value dimensions = g.normal("dimensions", Shape.of(SEQUENCE));
        Value x = g.normal("x", shape);
        return g.sample(
                before + " rows before " + shape + " of " + total,
                Op.PAD,
                Map.of("y", x.padRows(before, total), "sizes", dimensions.times(2)),
                x);
    }

    private static List<OpSample> gather() {
        return Stream.of(Shape.of(4), Shape.of(BATCH, SEQUENCE), Shape.SCALAR)
                .map(shape -> {
                    SampleGraph g = new SampleGraph();
                    Value table = g.normal("table", Shape.of(3, 4));
                    Value ids = g.ids("ids", shape, 3);
                    return g.sample("ids " + shape, Op.GATHER, table.gather(ids), table);
                })
                .toList();
    }

    private static List<OpSample> scatterAdd() {
        return List.of(
                scatterAdd(Shape.of(5), 3, 3),
                scatterAdd(Shape.of(BATCH, SEQUENCE), 3, 3),
                scatterAdd(Shape.of(BATCH, SEQUENCE), 100, 2),
                scatterAdd(Shape.of(7), 100, 100),
                scatterAdd(Shape.SCALAR, 2, 2));
    }

    private static OpSample scatterAdd(Shape ids, int tableRows, int differentIds) {
        SampleGraph g = new SampleGraph();
        List<Dim> rows = new ArrayList<>(ids.dims());
        rows.add(FOUR);
        Value x = g.normal("x", new Shape(rows));
        Value at = g.ids("ids", ids, differentIds);
        String name = "ids " + ids + " below " + differentIds + " of " + tableRows;
        return g.sample(name, Op.SCATTER_ADD, x.scatterAdd(at, Shape.of(tableRows, 4)), x);
    }

    private static List<OpSample> oneHot() {
        SampleGraph g = new SampleGraph();
        Value ids = g.ids("ids", Shape.of(5), 3);
        return List.of(
                g.sample("known", Op.ONE_HOT, ids.oneHot(3)),
                wholeNumbers("named", Op.ONE_HOT, labels -> labels.oneHot(9)));
    }

    private static List<OpSample> cast() {
        SampleGraph g = new SampleGraph();
        Value x = g.filled("x", Shape.of(BATCH, FOUR), QUARTERS);
        return List.of(
                g.sample("to whole numbers, towards zero", Op.CAST, x.cast(DataType.INT64)),
                wholeNumbers("to floats", Op.CAST, ids -> ids.cast(DataType.FLOAT)));
    }

    /** A program on ids, which no gradient reaches. */
    private static OpSample wholeNumbers(String name, Op op, UnaryOperator<Value> f) {
        SampleGraph g = new SampleGraph();
        return g.sample(name, op, f.apply(g.ids("ids", Shape.of(BATCH, SEQUENCE), 9)));
    }
}
