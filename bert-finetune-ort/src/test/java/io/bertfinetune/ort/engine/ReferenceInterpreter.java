package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * What every operator means: values of a graph computed one node after the other, in plain doubles. Slow, and the
 * measure of every engine. Numbers are row-major, outermost axis first; ids are whole doubles.
 */
public final class ReferenceInterpreter {
    private final Map<String, double[]> inputs;
    private final Map<String, Long> dimensions;
    private final Map<Value, Array> known = new HashMap<>();

    private ReferenceInterpreter(Map<String, double[]> inputs, Map<String, Long> dimensions) {
        this.inputs = inputs;
        this.dimensions = dimensions;
    }

    /** Numbers and the lengths of their axes. */
    private static final class Array {
        private final int[] shape;
        private final double[] numbers;

        Array(int[] shape, double[] numbers) {
            this.shape = shape;
            this.numbers = numbers;
        }

        int[] shape() {
            return shape;
        }

        double[] numbers() {
            return numbers;
        }

        int rows() {
            return shape[0];
        }

        /** How many numbers stand behind one index of the first axis. */
        int rowSize() {
            return size(shape, 1);
        }

        int last() {
            return shape[shape.length - 1];
        }

        double at(int a, int b, int c, int d) {
            return numbers[((a * shape[1] + b) * shape[2] + c) * shape[3] + d];
        }
    }

    /**
     * The outputs of a program.
     *
     * @param inputs the numbers of every input it needs, by name
     * @param dimensions the value of every dimension name
     * @return the numbers of every output, by name
     */
    public static Map<String, double[]> run(
            Program program, Map<String, double[]> inputs, Map<String, Long> dimensions) {
        Map<Value, double[]> values = evaluate(program.outputs().values(), inputs, dimensions);
        Map<String, double[]> outputs = new LinkedHashMap<>();
        program.outputs().forEach((name, value) -> outputs.put(name, values.get(value)));
        return outputs;
    }

    /** The numbers of some values of one graph; see {@link #run} for the rest. */
    public static Map<Value, double[]> evaluate(
            Collection<Value> wanted, Map<String, double[]> inputs, Map<String, Long> dimensions) {
        ReferenceInterpreter interpreter = new ReferenceInterpreter(inputs, dimensions);
        Map<Value, double[]> found = new HashMap<>();
        wanted.stream()
                .findFirst()
                .ifPresent(any -> any.graph().nodesFor(wanted).forEach(interpreter::compute));
        wanted.forEach(value -> found.put(value, interpreter.of(value).numbers().clone()));
        return found;
    }

    /** The numbers of one value; see {@link #run} for the rest. */
    public static double[] evaluate(Value wanted, Map<String, double[]> inputs, Map<String, Long> dimensions) {
        return evaluate(List.of(wanted), inputs, dimensions).get(wanted);
    }

    /**
     * The value of every dimension name that some input has by itself.
     *
     * @param declared inputs by name
     * @param shapes the shapes they are given, by name
     */
    public static Map<String, Long> dimensions(Map<String, Value> declared, Map<String, List<Long>> shapes) {
        Map<String, Long> values = new HashMap<>();
        declared.forEach((name, input) -> {
            for (int axis = 0; axis < input.shape().rank(); axis++) {
                Dim dim = input.shape().dim(axis);
                if (dim.factor() == 1 && dim.names().size() == 1) {
                    values.putIfAbsent(dim.names().get(0), shapes.get(name).get(axis));
                }
            }
        });
        return values;
    }

    private Array of(Value value) {
        Array there = known.get(value);
        if (there != null) {
            return there;
        }
        double[] numbers = value.isConstant() ? value.literal() : inputs.get(value.name());
        if (numbers == null) {
            throw new IllegalArgumentException("no numbers for input " + value + "; there are " + inputs.keySet());
        }
        return remember(value, numbers);
    }

    private Array remember(Value value, double[] numbers) {
        int[] shape = Arrays.stream(value.shape().toArray(dimensions))
                .mapToInt(Math::toIntExact)
                .toArray();
        if (size(shape, 0) != numbers.length) {
            throw new IllegalArgumentException(
                    value + " is " + Arrays.toString(shape) + " and has " + numbers.length + " numbers");
        }
        Array array = new Array(shape, numbers);
        known.put(value, array);
        return array;
    }

    private void compute(Node node) {
        List<double[]> results =
                results(node, node.inputs().stream().map(this::of).toList());
        for (int i = 0; i < results.size(); i++) {
            remember(
                    node.outputs().get(i), rounded(results.get(i), node.output().type()));
        }
    }

    /** The nearest numbers of a type of 16 bits; others stay as they are. */
    private static double[] rounded(double[] numbers, DataType type) {
        return switch (type) {
            case BFLOAT16 ->
                Arrays.stream(numbers).map(x -> nearest(x, 7, -126, 0x1.FEp127)).toArray();
            case FLOAT16 ->
                Arrays.stream(numbers).map(x -> nearest(x, 10, -14, 65_504)).toArray();
            case FLOAT, INT64, UINT8 -> numbers;
        };
    }

    /** The nearest number with so many bits behind the first, at least this exponent, and no greater than the greatest. */
    private static double nearest(double x, int bits, int least, double greatest) {
        if (x == 0 || !Double.isFinite(x)) {
            return x;
        }
        double unit = Math.scalb(1.0, Math.max(Math.getExponent(x), least) - bits);
        double near = Math.rint(x / unit) * unit;
        return Math.abs(near) > greatest ? Math.copySign(Double.POSITIVE_INFINITY, x) : near;
    }

    private List<double[]> results(Node n, List<Array> in) {
        Array x = in.get(0);
        return switch (n.op()) {
            case ADD -> zip(n, in, Double::sum);
            case SUB -> zip(n, in, (a, b) -> a - b);
            case MUL -> zip(n, in, (a, b) -> a * b);
            case DIV -> zip(n, in, n.output().type() == DataType.INT64 ? (a, b) -> cut(a / b) : (a, b) -> a / b);
            case MAX -> zip(n, in, Math::max);
            case SQRT -> map(x, Math::sqrt);
            case EXP -> map(x, Math::exp);
            case TANH -> map(x, Math::tanh);
            case ERF -> map(x, Erf::of);
            case SIGN -> map(x, Math::signum);
            case ABS -> map(x, Math::abs);
            case GELU -> map(x, u -> u * (1 + Erf.of(u / Math.sqrt(2))) / 2);
            case GEMM -> one(gemm(n, in));
            case HEAD_SCORES -> one(headScores(x, in.get(1), product(n).alpha()));
            case HEAD_MIX ->
                one(headMix(x, in.get(1), product(n).transA(), product(n).alpha()));
            case GELU_GRAD -> one(geluGradient(x, in.get(1)));
            case ATTEND -> one(attend(in));
            case ATTEND_GRAD -> attendGradients(x, in.subList(2, in.size()));
            case SOFTMAX -> one(softmax(x));
            case SOFTMAX_GRAD -> one(softmaxGradient(x.numbers(), in.get(1).numbers(), x.last()));
            case LOG_SOFTMAX -> one(logSoftmax(x));
            case LAYER_NORM ->
                layerNorm(in, n.attribute(Attribute.Epsilon.class).epsilon());
            case LAYER_NORM_GRAD -> layerNormGradients(in);
            case RESHAPE -> one(x.numbers());
            case TRANSPOSE -> one(transpose(x, n.attribute(Attribute.Axes.class).axes()));
            case EXPAND -> one(repeat(x, shape(n)));
            case REDUCE_SUM -> one(sum(x, shape(n)));
            case SLICE -> one(slice(x, rows(n).start(), shape(n)));
            case PAD -> one(pad(x, rows(n).start(), shape(n)));
            case GATHER -> one(gather(x, in.get(1)));
            case SCATTER_ADD -> one(scatterAdd(x, in.get(1), shape(n)));
            case ONE_HOT -> one(oneHot(x, shape(n)));
            case CAST -> map(x, n.output().type() == DataType.INT64 ? ReferenceInterpreter::cut : u -> u);
        };
    }

    // ---- element by element ----------------------------------------------------------------------------------------

    private List<double[]> zip(Node n, List<Array> in, DoubleBinaryOperator f) {
        double[] a = repeat(in.get(0), shape(n));
        double[] b = repeat(in.get(1), shape(n));
        return one(IntStream.range(0, a.length)
                .mapToDouble(i -> f.applyAsDouble(a[i], b[i]))
                .toArray());
    }

    private static List<double[]> map(Array x, DoubleUnaryOperator f) {
        return one(Arrays.stream(x.numbers()).map(f).toArray());
    }

    /** dy · (Φ(x) + x·φ(x)). */
    private static double[] geluGradient(Array dy, Array x) {
        return IntStream.range(0, x.numbers().length)
                .mapToDouble(i -> {
                    double u = x.numbers()[i];
                    double slope =
                            (1 + Erf.of(u / Math.sqrt(2))) / 2 + u * Math.exp(-u * u / 2) / Math.sqrt(2 * Math.PI);
                    return dy.numbers()[i] * slope;
                })
                .toArray();
    }

    private static double cut(double x) {
        return (double) (long) x;
    }

    // ---- products --------------------------------------------------------------------------------------------------

    private double[] gemm(Node n, List<Array> in) {
        Attribute.Product how = product(n);
        Array a = how.transA() ? transposed(in.get(0)) : in.get(0);
        Array b = how.transB() ? transposed(in.get(1)) : in.get(1);
        double[] out = new double[a.rows() * b.last()];
        double[] addend = in.size() == 3 ? repeat(in.get(2), shape(n)) : out.clone();
        for (int row = 0; row < a.rows(); row++) {
            for (int column = 0; column < b.last(); column++) {
                double dot = 0;
                for (int i = 0; i < a.last(); i++) {
                    dot += a.numbers()[row * a.last() + i] * b.numbers()[i * b.last() + column];
                }
                int place = row * b.last() + column;
                out[place] = how.alpha() * dot + how.beta() * addend[place];
            }
        }
        return out;
    }

    private static Array transposed(Array x) {
        return new Array(new int[] {x.last(), x.rows()}, transpose(x, List.of(1, 0)));
    }

    /** Queries [to, batch, heads, width] and keys [from, batch, heads, width] to [batch, heads, to, from]. */
    private static double[] headScores(Array queries, Array keys, double alpha) {
        int batch = keys.shape()[1];
        int heads = keys.shape()[2];
        double[] out = new double[batch * heads * queries.rows() * keys.rows()];
        int place = 0;
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int to = 0; to < queries.rows(); to++) {
                    for (int from = 0; from < keys.rows(); from++) {
                        double dot = 0;
                        for (int w = 0; w < keys.last(); w++) {
                            dot += queries.at(to, b, h, w) * keys.at(from, b, h, w);
                        }
                        out[place++] = alpha * dot;
                    }
                }
            }
        }
        return out;
    }

    /** Weights [batch, heads, to, from] and values [from, batch, heads, width] to [to, batch, heads, width]. */
    private static double[] headMix(Array weights, Array values, boolean transposed, double alpha) {
        int batch = values.shape()[1];
        int heads = values.shape()[2];
        int tos = weights.shape()[transposed ? 3 : 2];
        double[] out = new double[tos * batch * heads * values.last()];
        int place = 0;
        for (int to = 0; to < tos; to++) {
            for (int b = 0; b < batch; b++) {
                for (int h = 0; h < heads; h++) {
                    for (int w = 0; w < values.last(); w++) {
                        double mixed = 0;
                        for (int from = 0; from < values.rows(); from++) {
                            mixed += (transposed ? weights.at(b, h, from, to) : weights.at(b, h, to, from))
                                    * values.at(from, b, h, w);
                        }
                        out[place++] = alpha * mixed;
                    }
                }
            }
        }
        return out;
    }

    /** Of scores, values, and a mask or none. */
    private static double[] attend(List<Array> in) {
        Array dropped = dropped(softmax(in.get(0)), in);
        return headMix(dropped, in.get(1), false, 1);
    }

    /** Of scores and values, given these and a mask or none. */
    private static List<double[]> attendGradients(Array dy, List<Array> in) {
        double[] p = softmax(in.get(0));
        Array dp = dropped(headScores(dy, in.get(1), 1), in);
        return List.of(softmaxGradient(dp.numbers(), p, dp.last()), headMix(dropped(p.clone(), in), dy, true, 1));
    }

    /** Weights in the shape of the scores, times a mask if there is one. */
    private static Array dropped(double[] weights, List<Array> in) {
        for (int i = 0; in.size() == 3 && i < weights.length; i++) {
            weights[i] *= in.get(2).numbers()[i];
        }
        return new Array(in.get(0).shape(), weights);
    }

    // ---- rows ------------------------------------------------------------------------------------------------------

    private static double[] softmax(Array x) {
        return Arrays.stream(logSoftmax(x)).map(Math::exp).toArray();
    }

    private static double[] logSoftmax(Array x) {
        double[] out = x.numbers().clone();
        for (int start = 0; start < out.length; start += x.last()) {
            double[] row = Arrays.copyOfRange(out, start, start + x.last());
            double max = Arrays.stream(row).max().orElseThrow();
            double logSum =
                    Math.log(Arrays.stream(row).map(u -> Math.exp(u - max)).sum());
            for (int i = 0; i < row.length; i++) {
                out[start + i] = row[i] - max - logSum;
            }
        }
        return out;
    }

    private static double[] softmaxGradient(double[] dy, double[] y, int width) {
        double[] dx = new double[y.length];
        for (int start = 0; start < y.length; start += width) {
            double all = 0;
            for (int i = start; i < start + width; i++) {
                all += dy[i] * y[i];
            }
            for (int i = start; i < start + width; i++) {
                dx[i] = (dy[i] - all) * y[i];
            }
        }
        return dx;
    }

    /** Of rows, weight and bias, given the gradient, rows, weight, means and one over standard deviations. */
    private static List<double[]> layerNormGradients(List<Array> in) {
        Array dy = in.get(0);
        double[] weight = in.get(2).numbers();
        int width = dy.last();
        double[] dx = new double[dy.numbers().length];
        double[] dWeight = new double[width];
        double[] dBias = new double[width];
        for (int r = 0; r < dy.rows(); r++) {
            double inverseDeviation = in.get(4).numbers()[r];
            double[] normal = new double[width];
            double meanGradient = 0;
            double meanProduct = 0;
            for (int i = 0; i < width; i++) {
                double gradient = dy.numbers()[r * width + i];
                normal[i] = (in.get(1).numbers()[r * width + i] - in.get(3).numbers()[r]) * inverseDeviation;
                dWeight[i] += gradient * normal[i];
                dBias[i] += gradient;
                meanGradient += gradient * weight[i] / width;
                meanProduct += gradient * weight[i] * normal[i] / width;
            }
            for (int i = 0; i < width; i++) {
                dx[r * width + i] = (dy.numbers()[r * width + i] * weight[i] - meanGradient - normal[i] * meanProduct)
                        * inverseDeviation;
            }
        }
        return List.of(dx, dWeight, dBias);
    }

    private static List<double[]> layerNorm(List<Array> in, double epsilon) {
        Array x = in.get(0);
        double[] weight = in.get(1).numbers();
        double[] bias = in.get(2).numbers();
        double[] out = new double[x.numbers().length];
        double[] means = new double[x.rows()];
        double[] inverseDeviations = new double[x.rows()];
        for (int r = 0; r < x.rows(); r++) {
            double[] row = Arrays.copyOfRange(x.numbers(), r * x.last(), (r + 1) * x.last());
            double mean = Arrays.stream(row).sum() / row.length;
            double variance =
                    Arrays.stream(row).map(u -> (u - mean) * (u - mean)).sum() / row.length;
            means[r] = mean;
            inverseDeviations[r] = 1 / Math.sqrt(variance + epsilon);
            for (int i = 0; i < row.length; i++) {
                out[r * row.length + i] = (row[i] - mean) * inverseDeviations[r] * weight[i] + bias[i];
            }
        }
        return List.of(out, means, inverseDeviations);
    }

    // ---- shapes ----------------------------------------------------------------------------------------------------

    private static double[] transpose(Array x, List<Integer> order) {
        int[] strides = strides(x.shape());
        int[] shape = order.stream().mapToInt(axis -> x.shape()[axis]).toArray();
        int[] moved = order.stream().mapToInt(axis -> strides[axis]).toArray();
        return picked(x.numbers(), places(shape, moved));
    }

    private static double[] repeat(Array x, int[] to) {
        return picked(x.numbers(), places(to, repeating(x.shape(), to)));
    }

    private static double[] sum(Array x, int[] to) {
        double[] out = new double[size(to, 0)];
        int[] places = places(x.shape(), repeating(to, x.shape()));
        for (int i = 0; i < places.length; i++) {
            out[places[i]] += x.numbers()[i];
        }
        return out;
    }

    private static double[] slice(Array x, long start, int[] to) {
        if (start + to[0] > x.rows()) {
            throw new IllegalArgumentException(
                    "Slice: rows " + start + " to " + (start + to[0]) + " of " + x.rows() + " rows");
        }
        int first = Math.toIntExact(start) * x.rowSize();
        return Arrays.copyOfRange(x.numbers(), first, first + size(to, 0));
    }

    private static double[] pad(Array x, long before, int[] to) {
        if (before + x.rows() > to[0]) {
            throw new IllegalArgumentException(
                    "Pad: " + before + " rows before " + x.rows() + " rows do not make " + to[0]);
        }
        double[] out = new double[size(to, 0)];
        System.arraycopy(x.numbers(), 0, out, Math.toIntExact(before) * x.rowSize(), x.numbers().length);
        return out;
    }

    // ---- tables and ids; as in ONNX, negative ids count from the end ------------------------------------------------

    private static double[] gather(Array table, Array ids) {
        int width = table.last();
        double[] out = new double[ids.numbers().length * width];
        for (int i = 0; i < ids.numbers().length; i++) {
            System.arraycopy(table.numbers(), row(ids, i, table.rows()) * width, out, i * width, width);
        }
        return out;
    }

    private static double[] scatterAdd(Array rows, Array ids, int[] table) {
        double[] out = new double[size(table, 0)];
        for (int i = 0; i < rows.numbers().length; i++) {
            out[row(ids, i / table[1], table[0]) * table[1] + i % table[1]] += rows.numbers()[i];
        }
        return out;
    }

    private static int row(Array ids, int index, int rows) {
        int id = (int) ids.numbers()[index];
        int row = id < 0 ? id + rows : id;
        if (row < 0 || row >= rows) {
            throw new IllegalArgumentException("id " + id + " is outside of a table of " + rows + " rows");
        }
        return row;
    }

    /** An id outside of the row gives zeros alone. */
    private static double[] oneHot(Array ids, int[] to) {
        int depth = to[to.length - 1];
        double[] out = new double[size(to, 0)];
        for (int i = 0; i < ids.numbers().length; i++) {
            double id = ids.numbers()[i];
            double place = id < 0 ? id + depth : id;
            if (place >= 0 && place < depth) {
                out[i * depth + (int) place] = 1;
            }
        }
        return out;
    }

    // ----------------------------------------------------------------------------------------------------------------

    private int[] shape(Node n) {
        return Arrays.stream(n.output().shape().toArray(dimensions))
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private static Attribute.Product product(Node n) {
        return n.attribute(Attribute.Product.class);
    }

    private static Attribute.Rows rows(Node n) {
        return n.attribute(Attribute.Rows.class);
    }

    private static List<double[]> one(double[] numbers) {
        return List.of(numbers);
    }

    private static int size(int[] shape, int fromAxis) {
        return Arrays.stream(shape).skip(fromAxis).reduce(1, Math::multiplyExact);
    }

    private static int[] strides(int[] shape) {
        return IntStream.range(0, shape.length)
                .map(axis -> size(shape, axis + 1))
                .toArray();
    }

    /** How far each axis of {@code to} moves in an array that is repeated to it. */
    private static int[] repeating(int[] from, int[] to) {
        int lead = to.length - from.length;
        int[] strides = strides(from);
        return IntStream.range(0, to.length)
                .map(axis -> axis < lead || from[axis - lead] == 1 ? 0 : strides[axis - lead])
                .toArray();
    }

    /** For every index of a shape, in order, its place in an array in which the axes move so far. */
    private static int[] places(int[] shape, int[] strides) {
        int[] places = {0};
        for (int axis = 0; axis < shape.length; axis++) {
            int length = shape[axis];
            int stride = strides[axis];
            places = Arrays.stream(places)
                    .flatMap(place -> IntStream.range(0, length).map(i -> place + i * stride))
                    .toArray();
        }
        return places;
    }

    private static double[] picked(double[] numbers, int[] places) {
        return Arrays.stream(places).mapToDouble(place -> numbers[place]).toArray();
    }
}
