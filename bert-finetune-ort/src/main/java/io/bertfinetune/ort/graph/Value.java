package io.bertfinetune.ort.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that will exist when the graph runs. Its methods are the catalogue of operators: each checks shapes and adds
 * one node. Has identity.
 */
public final class Value {
    private final Graph graph;
    private final @Nullable Node producer;
    private final int index;
    private final DataType type;
    private final Shape shape;
    private final String name;
    private final double[] literal;

    private Value(
            Graph graph,
            @Nullable Node producer,
            int index,
            DataType type,
            Shape shape,
            String name,
            double[] literal) {
        this.graph = graph;
        this.producer = producer;
        this.index = index;
        this.type = type;
        this.shape = shape;
        this.name = name;
        this.literal = literal;
    }

    static Value of(Graph graph, Node producer, int index, DataType type, Shape shape) {
        return new Value(graph, producer, index, type, shape, "", new double[0]);
    }

    static Value input(Graph graph, String name, DataType type, Shape shape) {
        return new Value(graph, null, 0, type, shape, name, new double[0]);
    }

    static Value constant(Graph graph, Shape shape, double[] literal) {
        return new Value(graph, null, 0, DataType.FLOAT, shape, "", literal.clone());
    }

    /**
     * The graph it belongs to.
     *
     * @return the graph
     */
    public Graph graph() {
        return graph;
    }

    /**
     * The node it comes out of; none for an input or a constant.
     *
     * @return the node, if there is one
     */
    public Optional<Node> producer() {
        return Optional.ofNullable(producer);
    }

    /**
     * Its number among the outputs of its producer.
     *
     * @return the number, from 0
     */
    public int index() {
        return index;
    }

    /**
     * The kind of number it holds.
     *
     * @return the type
     */
    public DataType type() {
        return type;
    }

    /**
     * Its dimensions.
     *
     * @return the shape
     */
    public Shape shape() {
        return shape;
    }

    /**
     * The name of a graph input; empty for others.
     *
     * @return the name, or an empty string
     */
    public String name() {
        return name;
    }

    /**
     * Whether its numbers are known when the graph is built.
     *
     * @return true for a constant
     */
    public boolean isConstant() {
        return producer == null && name.isEmpty();
    }

    /**
     * The numbers of a constant.
     *
     * @return a copy of the numbers, row by row; empty for what is no constant
     */
    public double[] literal() {
        return literal.clone();
    }

    // ---- element by element ----------------------------------------------------------------------------------------

    /**
     * this + other.
     *
     * @param other a value of the same type, whose shape broadcasts with this one
     * @return the sum
     */
    public Value plus(Value other) {
        return elementwise(Op.ADD, other);
    }

    /**
     * this − other.
     *
     * @param other a value of the same type, whose shape broadcasts with this one
     * @return the difference
     */
    public Value minus(Value other) {
        return elementwise(Op.SUB, other);
    }

    /**
     * this × other.
     *
     * @param other a value of the same type, whose shape broadcasts with this one
     * @return the product
     */
    public Value times(Value other) {
        return elementwise(Op.MUL, other);
    }

    /**
     * this ÷ other.
     *
     * @param other a value of the same type, whose shape broadcasts with this one
     * @return the quotient
     */
    public Value dividedBy(Value other) {
        return elementwise(Op.DIV, other);
    }

    /**
     * The greater of the two.
     *
     * @param other a value of the same type, whose shape broadcasts with this one
     * @return the maximum, element by element
     */
    public Value max(Value other) {
        return elementwise(Op.MAX, other);
    }

    /**
     * this + number.
     *
     * @param number what to add to each element
     * @return the sum; this value itself if the number is 0
     */
    public Value plus(double number) {
        return number == 0 ? this : plus(graph.constant(number));
    }

    /**
     * this × number.
     *
     * @param number what to multiply each element by
     * @return the product; this value itself if the number is 1
     */
    public Value times(double number) {
        return number == 1 ? this : times(graph.constant(number));
    }

    /**
     * √this.
     *
     * @return the square root of each element, in the same shape
     */
    public Value sqrt() {
        return same(Op.SQRT);
    }

    /**
     * e to the power of this.
     *
     * @return the exponential of each element, in the same shape
     */
    public Value exp() {
        return same(Op.EXP);
    }

    /**
     * The hyperbolic tangent.
     *
     * @return the hyperbolic tangent of each element, in the same shape
     */
    public Value tanh() {
        return same(Op.TANH);
    }

    /**
     * The error function.
     *
     * @return the error function of each element, in the same shape
     */
    public Value erf() {
        return same(Op.ERF);
    }

    /**
     * −1, 0 or 1.
     *
     * @return the sign of each element, in the same shape
     */
    public Value sign() {
        return same(Op.SIGN);
    }

    /**
     * The absolute value.
     *
     * @return the absolute value of each element, in the same shape
     */
    public Value abs() {
        return same(Op.ABS);
    }

    /**
     * The exact GELU of the original BERT: x·Φ(x), by erf (Hendrycks and Gimpel, 2016).
     *
     * @return GELU of each element, in the same shape
     */
    public Value gelu() {
        return same(Op.GELU);
    }

    /**
     * Softmax over the last axis.
     *
     * @return numbers above 0 that sum to 1 along the last axis, in the same shape
     */
    public Value softmax() {
        shape.axis(-1);
        return same(Op.SOFTMAX);
    }

    /**
     * Logarithm of the softmax over the last axis.
     *
     * @return the logarithms, in the same shape
     */
    public Value logSoftmax() {
        shape.axis(-1);
        return same(Op.LOG_SOFTMAX);
    }

    // ---- products --------------------------------------------------------------------------------------------------

    /**
     * The product of two matrices.
     *
     * @param right {@code [inner, columns]}; this is {@code [rows, inner]}
     * @return {@code [rows, columns]}
     */
    public Value matMul(Value right) {
        return gemm(right, false, false, 1);
    }

    /**
     * alpha · this' · right', each transposed or not.
     *
     * @param right the right matrix
     * @param transA whether this matrix is transposed first
     * @param transB whether the right one is
     * @param alpha what the product is multiplied by
     * @return {@code [rows, columns]}
     */
    public Value gemm(Value right, boolean transA, boolean transB, double alpha) {
        return product(List.of(this, right), new Attribute.Product(transA, transB, alpha, 1));
    }

    /**
     * alpha · this' · right' + beta · addend; the addend is repeated along rows if it has only one.
     *
     * @param right the right matrix
     * @param addend what broadcasts to the product's shape
     * @param transA whether this matrix is transposed first
     * @param transB whether the right one is
     * @param alpha what the product is multiplied by
     * @param beta what the addend is multiplied by
     * @return {@code [rows, columns]}
     */
    public Value gemm(Value right, Value addend, boolean transA, boolean transB, double alpha, double beta) {
        return product(List.of(this, right, addend), new Attribute.Product(transA, transB, alpha, beta));
    }

    private Value product(List<Value> in, Attribute.Product how) {
        requireFloats(Op.GEMM, in);
        Shape left = in.get(0).shape;
        Shape right = in.get(1).shape;
        if (left.rank() != 2 || right.rank() != 2) {
            throw new IllegalArgumentException("Gemm: left " + left + " and right " + right + " are not two matrices");
        }
        Dim inner = left.dim(how.transA() ? 0 : 1);
        Dim other = right.dim(how.transB() ? 1 : 0);
        if (!inner.equals(other)) {
            throw new IllegalArgumentException("Gemm: left " + left + (how.transA() ? "ᵀ" : "") + " and right " + right
                    + (how.transB() ? "ᵀ" : "") + " do not multiply, " + inner + " != " + other);
        }
        Shape out = Shape.of(left.dim(how.transA() ? 1 : 0), right.dim(how.transB() ? 0 : 1));
        if (in.size() == 3 && !in.get(2).shape.broadcast(out, Op.GEMM).equals(out)) {
            throw new IllegalArgumentException("Gemm: addend " + in.get(2).shape + " does not broadcast to " + out);
        }
        return node(Op.GEMM, in, how, type, out);
    }

    /**
     * For each example and head, alpha · this · keysᵀ: how much every position looks at every other.
     *
     * @param keys {@code [from, batch, heads, width]}; this is {@code [to, batch, heads, width]}
     * @param alpha what the products are multiplied by, 1/√width in BERT
     * @return {@code [batch, heads, to, from]}
     */
    public Value headScores(Value keys, double alpha) {
        requireFloats(Op.HEAD_SCORES, List.of(this, keys));
        if (shape.rank() != 4
                || keys.shape.rank() != 4
                || !shape.dims().subList(1, 4).equals(keys.shape.dims().subList(1, 4))) {
            throw new IllegalArgumentException("HeadScores: " + shape + " and " + keys.shape
                    + ", expected [to, batch, heads, width] and [from, batch, heads, width]");
        }
        Shape out = Shape.of(shape.dim(1), shape.dim(2), shape.dim(0), keys.shape.dim(0));
        return node(Op.HEAD_SCORES, List.of(this, keys), new Attribute.Product(false, true, alpha, 1), type, out);
    }

    /**
     * For each example and head, alpha · this' · values: the values of every position, mixed by these weights.
     *
     * @param values {@code [from, batch, heads, width]}; this is {@code [batch, heads, to, from]}, or
     *     {@code [batch, heads, from, to]} if {@code transposed}
     * @param transposed whether the weights are turned around first
     * @param alpha what the products are multiplied by
     * @return {@code [to, batch, heads, width]}
     */
    public Value headMix(Value values, boolean transposed, double alpha) {
        requireFloats(Op.HEAD_MIX, List.of(this, values));
        Shape right = values.shape;
        if (shape.rank() != 4
                || right.rank() != 4
                || !shape.dim(0).equals(right.dim(1))
                || !shape.dim(1).equals(right.dim(2))
                || !shape.dim(transposed ? 2 : 3).equals(right.dim(0))) {
            throw new IllegalArgumentException("HeadMix: " + shape + (transposed ? "ᵀ" : "") + " and " + right
                    + ", expected [batch, heads, to, from] and [from, batch, heads, width]");
        }
        Shape out = right.with(0, shape.dim(transposed ? 3 : 2));
        return node(Op.HEAD_MIX, List.of(this, values), new Attribute.Product(transposed, false, alpha, 1), type, out);
    }

    /**
     * Attention from its scores: softmax, dropout where a mask is given, and the mix of values.
     *
     * @param values {@code [from, batch, heads, width]}; this is {@code [batch, heads, to, from]}
     * @param dropout a mask of this shape, 0 or 1/(1−p), through which no gradient flows
     * @return {@code [to, batch, heads, width]}
     */
    public Value attend(Value values, Optional<Value> dropout) {
        Shape out = softmax().headMix(values, false, 1).shape;
        List<Value> in = new ArrayList<>(List.of(this, values));
        dropout.ifPresent(mask -> {
            requireFloats(Op.ATTEND, List.of(this, mask));
            if (!mask.shape.equals(shape)) {
                throw new IllegalArgumentException("Attend: dropout mask " + mask.shape + " for scores " + shape);
            }
            in.add(mask);
        });
        return node(Op.ATTEND, in, new Attribute.None(), type, out);
    }

    /**
     * Layer normalisation of rows (Ba et al., 2016): outputs the rows, their mean, and one over their standard deviation.
     *
     * @param weight {@code [width]}; this is {@code [rows, width]}
     * @param bias {@code [width]}
     * @param epsilon added to the variance before its root is taken
     * @return the normalised rows, {@code [rows, width]}
     */
    public Value layerNorm(Value weight, Value bias, double epsilon) {
        requireFloats(Op.LAYER_NORM, List.of(this, weight, bias));
        if (shape.rank() != 2 || !weight.shape.equals(Shape.of(shape.dim(1))) || !bias.shape.equals(weight.shape)) {
            throw new IllegalArgumentException("LayerNormalization: rows " + shape + ", weight " + weight.shape
                    + " and bias " + bias.shape + ", expected [rows, width], [width] and [width]");
        }
        Shape column = Shape.of(shape.dim(0), Dim.ONE);
        return graph.node(
                        Op.LAYER_NORM,
                        List.of(this, weight, bias),
                        new Attribute.Epsilon(epsilon),
                        type,
                        List.of(shape, column, column))
                .output();
    }

    // ---- gradients that there are kernels for ----------------------------------------------------------------------

    /**
     * The gradient of {@link #softmax}; this is what it gave.
     *
     * @param dy the gradient of this value, in its shape
     * @return the gradient of what softmax was taken of: {@code (dy − Σ dy·y)·y}, the sum along the last axis
     */
    public Value softmaxGradient(Value dy) {
        requireGradient(Op.SOFTMAX_GRAD, dy);
        return node(Op.SOFTMAX_GRAD, List.of(dy, this), new Attribute.None(), type, shape);
    }

    /**
     * The gradient of {@link #gelu}; this is what it was taken of.
     *
     * @param dy the gradient of what it gave, in this value's shape
     * @return the gradient of this value: {@code dy·(Φ(x) + x·φ(x))}
     */
    public Value geluGradient(Value dy) {
        requireGradient(Op.GELU_GRAD, dy);
        return node(Op.GELU_GRAD, List.of(dy, this), new Attribute.None(), type, shape);
    }

    /**
     * The gradients of {@link #layerNorm}; this is what it gave.
     *
     * @param dy the gradient of this value, {@code [rows, width]}
     * @return those of its rows {@code [rows, width]}, of its weight {@code [width]} and of its bias {@code [width]}
     */
    public List<Value> layerNormGradients(Value dy) {
        requireGradient(Op.LAYER_NORM_GRAD, dy);
        Node forward = madeBy(Op.LAYER_NORM);
        Value x = forward.in(0);
        Value weight = forward.in(1);
        List<Value> in = List.of(
                dy, x, weight, forward.outputs().get(1), forward.outputs().get(2));
        List<Shape> out = List.of(x.shape, weight.shape, forward.in(2).shape);
        return graph.node(Op.LAYER_NORM_GRAD, in, new Attribute.None(), type, out)
                .outputs();
    }

    /**
     * The gradients of {@link #attend}; this is what it gave.
     *
     * @param dy the gradient of this value, {@code [to, batch, heads, width]}
     * @return those of its scores {@code [batch, heads, to, from]} and of its values {@code [from, batch, heads, width]}
     */
    public List<Value> attendGradients(Value dy) {
        requireGradient(Op.ATTEND_GRAD, dy);
        Node forward = madeBy(Op.ATTEND);
        List<Value> in = new ArrayList<>(List.of(dy, this));
        in.addAll(forward.inputs());
        List<Shape> out = List.of(forward.in(0).shape, forward.in(1).shape);
        return graph.node(Op.ATTEND_GRAD, in, new Attribute.None(), type, out).outputs();
    }

    private void requireGradient(Op op, Value dy) {
        requireFloats(op, List.of(this, dy));
        if (!dy.shape.equals(shape)) {
            throw new IllegalArgumentException(
                    op.onnxName() + ": gradient " + dy.shape + " of " + this + ", expected its shape");
        }
    }

    private Node madeBy(Op op) {
        return producer()
                .filter(node -> node.op() == op && index == 0)
                .orElseThrow(() ->
                        new IllegalArgumentException(this + " has no gradients of " + op + ", which did not make it"));
    }

    // ---- shapes ----------------------------------------------------------------------------------------------------

    /**
     * The same numbers in another shape.
     *
     * @param to a shape that holds as many numbers
     * @return the value in that shape
     */
    public Value reshape(Shape to) {
        if (!to.size().equals(shape.size())) {
            throw new IllegalArgumentException(
                    "Reshape: " + shape + " to " + to + ", " + shape.size() + " numbers to " + to.size());
        }
        return to.equals(shape) ? this : node(Op.RESHAPE, List.of(this), new Attribute.To(to), type, to);
    }

    /**
     * Axes in another order.
     *
     * @param order for each axis of the result, the axis of this value it is
     * @return the value with its axes in that order
     */
    public Value transpose(Integer... order) {
        List<Integer> axes = List.of(order);
        return node(Op.TRANSPOSE, List.of(this), new Attribute.Axes(axes), type, shape.permuted(axes));
    }

    /**
     * Repetition to a wider shape.
     *
     * @param to a shape this one broadcasts to
     * @return the value in that shape
     */
    public Value expand(Shape to) {
        if (!shape.broadcast(to, Op.EXPAND).equals(to)) {
            throw new IllegalArgumentException("Expand: " + shape + " does not repeat to " + to);
        }
        return to.equals(shape) ? this : node(Op.EXPAND, List.of(this), new Attribute.To(to), type, to);
    }

    /**
     * Sums over these axes, which stay with length 1.
     *
     * @param axes the axes, negative ones from the last
     * @return the sums, of the same rank
     */
    public Value sum(int... axes) {
        List<Integer> fromFirst =
                Arrays.stream(axes).map(shape::axis).sorted().distinct().boxed().toList();
        Shape out = shape;
        for (int axis : fromFirst) {
            out = out.with(axis, Dim.ONE);
        }
        return node(Op.REDUCE_SUM, List.of(this), new Attribute.Axes(fromFirst), type, out);
    }

    /**
     * The sum of all its numbers, a single number.
     *
     * @return a scalar
     */
    public Value sum() {
        return sum(IntStream.range(0, shape.rank()).toArray()).reshape(Shape.SCALAR);
    }

    /**
     * Rows {@code start} to before {@code start + count} of the first axis.
     *
     * @param start the first row, from 0
     * @param count how many rows
     * @return {@code [count, …]}
     */
    public Value rows(long start, Dim count) {
        Dim all = shape.dim(0);
        if (start < 0) {
            throw new IllegalArgumentException("Slice: rows from " + start + " of " + shape + ", expected from 0 on");
        }
        if (all.isKnown() && count.isKnown() && start + count.size() > all.size()) {
            throw new IllegalArgumentException(
                    "Slice: rows " + start + " to " + (start + count.size()) + " of " + shape + ", which has " + all);
        }
        if (start == 0 && count.equals(all)) {
            return this;
        }
        return node(Op.SLICE, List.of(this), new Attribute.Rows(start, count), type, shape.with(0, count));
    }

    /**
     * These rows with {@code before} rows of zeros in front, and as many behind as make {@code total}.
     *
     * @param before how many rows of zeros in front
     * @param total how many rows in all
     * @return {@code [total, …]}
     */
    public Value padRows(long before, Dim total) {
        Dim own = shape.dim(0);
        boolean tooMany = own.isKnown() && total.isKnown() && before + own.size() > total.size();
        if (before < 0 || tooMany) {
            throw new IllegalArgumentException("Pad: " + before + " rows before " + shape + " do not make " + total);
        }
        if (before == 0 && total.equals(own)) {
            return this;
        }
        return node(Op.PAD, List.of(this), new Attribute.Rows(before, total), type, shape.with(0, total));
    }

    // ---- tables and ids --------------------------------------------------------------------------------------------

    /**
     * Rows of this table {@code [rows, width]}, picked by ids of any shape: {@code [ids…, width]}.
     *
     * @param ids whole numbers from 0 to below the number of rows
     * @return {@code [ids…, width]}
     */
    public Value gather(Value ids) {
        requireType("Gather", ids, DataType.INT64);
        requireTable("Gather", shape);
        List<Dim> out = new ArrayList<>(ids.shape.dims());
        out.add(shape.dim(1));
        return node(Op.GATHER, List.of(this, ids), new Attribute.None(), type, new Shape(out));
    }

    /**
     * A table of zeros with these rows {@code [ids…, width]} added at the ids: the transpose of {@link #gather}.
     *
     * @param ids where each row goes; this is {@code [ids…, width]}
     * @param table the shape of the result, {@code [rows, width]}
     * @return the table
     */
    public Value scatterAdd(Value ids, Shape table) {
        requireType("ScatterND", ids, DataType.INT64);
        requireTable("ScatterND", table);
        List<Dim> rows = new ArrayList<>(ids.shape.dims());
        rows.add(table.dim(1));
        if (!shape.dims().equals(rows)) {
            throw new IllegalArgumentException("ScatterND: rows " + shape + " for ids " + ids.shape + " and table "
                    + table + ", expected " + rows);
        }
        return node(Op.SCATTER_ADD, List.of(this, ids), new Attribute.To(table), type, table);
    }

    /**
     * For each id a row of {@code depth} zeros with a one at the id.
     *
     * @param depth how many different ids there are
     * @return {@code [ids…, depth]}
     */
    public Value oneHot(long depth) {
        requireType("OneHot", this, DataType.INT64);
        if (shape.rank() == 0) {
            throw new IllegalArgumentException("OneHot: " + this + " is a single id, expected a list of ids");
        }
        List<Dim> out = new ArrayList<>(shape.dims());
        out.add(Dim.of(depth));
        Shape rows = new Shape(out);
        return node(Op.ONE_HOT, List.of(this), new Attribute.To(rows), DataType.FLOAT, rows);
    }

    /**
     * The same numbers as another type.
     *
     * @param to the other type
     * @return the value as that type
     */
    public Value cast(DataType to) {
        return to == type ? this : node(Op.CAST, List.of(this), new Attribute.Type(to), to, shape);
    }

    // ----------------------------------------------------------------------------------------------------------------

    private Value elementwise(Op op, Value other) {
        requireType(op.onnxName(), other, type);
        return node(op, List.of(this, other), new Attribute.None(), type, shape.broadcast(other.shape, op));
    }

    private Value same(Op op) {
        requireFloats(op, List.of(this));
        return node(op, List.of(this), new Attribute.None(), type, shape);
    }

    private Value node(Op op, List<Value> in, Attribute attribute, DataType outType, Shape out) {
        return graph.node(op, in, attribute, outType, List.of(out)).output();
    }

    private static void requireType(String op, Value value, DataType expected) {
        if (value.type != expected) {
            throw new IllegalArgumentException(op + ": " + value + " holds " + value.type + ", expected " + expected);
        }
    }

    /** Floating point numbers, all of one precision. */
    private static void requireFloats(Op op, List<Value> values) {
        DataType first = values.get(0).type;
        values.forEach(value -> requireType(op.onnxName(), value, first.isFloat() ? first : DataType.FLOAT));
    }

    private static void requireTable(String op, Shape table) {
        if (table.rank() != 2 || !table.isKnown()) {
            throw new IllegalArgumentException(op + ": table " + table + " is not [rows, width] of known size");
        }
    }

    @Override
    public String toString() {
        return (name.isEmpty() ? producer == null ? "constant" : producer.op().onnxName() : name) + shape;
    }
}
