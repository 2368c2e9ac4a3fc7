package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.onnx.Initializer;
import io.bertfinetune.ort.onnx.OnnxDimension;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import io.bertfinetune.ort.onnx.OnnxValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a program as ONNX nodes, operator by operator: opset 18 and ONNX Runtime's {@code com.microsoft}. */
final class OnnxEmitter {
    private static final String MICROSOFT = "com.microsoft";
    private static final Map<String, Integer> OPSETS = Map.of("", 18, MICROSOFT, 1);
    private static final Map<String, Integer> WITH_OUR_OWN = Map.of("", 18, MICROSOFT, 1, OwnOperator.DOMAIN, 1);
    private static final int IR_VERSION = 9;

    private final Program program;
    private final Scatter scatter;
    private final Kernels kernels;
    private final Map<String, Value> inputs;
    private final Map<Value, String> names = new HashMap<>();
    private final Set<Value> read = new HashSet<>();
    private final Set<Value> squares = new HashSet<>();
    private final Set<Node> trained = new HashSet<>();
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<List<Long>, String> longConstants = new HashMap<>();
    private final Map<Dim, String> dims = new HashMap<>();
    private final Map<Shape, String> shapes = new HashMap<>();
    private final List<Initializer> initializers = new ArrayList<>();

    /** How rows are added into a table. */
    enum Scatter {
        /** One row after the other; on a processor. */
        BY_ROW,
        /** Every number by itself; on a GPU. */
        BY_ELEMENT
    }

    /** Whose kernels compute with numbers of 16 bits, and what else there is a choice for. */
    enum Kernels {
        /** ONNX Runtime. */
        OF_ONNX_RUNTIME,
        /** Operators of our own, {@link OwnOperator}. */
        OF_OUR_OWN
    }

    OnnxEmitter(Program program, Scatter scatter) {
        this(program, scatter, Kernels.OF_ONNX_RUNTIME);
    }

    OnnxEmitter(Program program, Scatter scatter, Kernels kernels) {
        this.program = program;
        this.scatter = scatter;
        this.kernels = kernels;
        this.inputs = program.inputs();
    }

    OnnxModel emit() {
        inputs.forEach((name, input) -> names.put(input, name));
        program.outputs().forEach((name, value) -> {
            if (value.producer().isPresent()) {
                names.putIfAbsent(value, name);
            }
        });
        List<Node> needed = program.graph().nodesFor(program.outputs().values());
        read.addAll(program.outputs().values());
        needed.forEach(node -> read.addAll(node.inputs()));
        Pass.Readers readers = new Pass.Readers(needed, program);
        needed.stream().filter(node -> Trained.isWhole(node, readers)).forEach(trained::add);
        needed.stream().filter(node -> isSummedSquare(node, readers)).forEach(node -> squares.add(node.output()));
        needed.stream().filter(node -> !squares.contains(node.output())).forEach(this::emit);
        program.outputs().forEach((name, value) -> {
            if (!name(value).equals(name)) {
                add("Identity", "", List.of(name(value)), List.of(name), Map.of());
            }
        });
        List<OnnxValueInfo> declared = inputs.entrySet().stream()
                .map(input -> info(input.getKey(), input.getValue()))
                .toList();
        List<OnnxValueInfo> wanted = program.outputs().entrySet().stream()
                .map(output -> info(output.getKey(), output.getValue()))
                .toList();
        return new OnnxModel(
                new OnnxGraph(program.name(), nodes, declared, wanted, initializers),
                IR_VERSION,
                nodes.stream().anyMatch(node -> node.domain().equals(OwnOperator.DOMAIN)) ? WITH_OUR_OWN : OPSETS);
    }

    private void emit(Node n) {
        if (kernels == Kernels.OF_OUR_OWN && isOurs(n)) {
            ours(n);
            return;
        }
        switch (n.op()) {
            case ADD, SUB, MUL, DIV, MAX, SQRT, EXP, TANH, ERF, SIGN, ABS -> plain(n, Map.of());
            case GEMM -> gemm(n);
            case HEAD_SCORES -> headScores(n);
            case HEAD_MIX -> headMix(n);
            case SOFTMAX, LOG_SOFTMAX -> plain(n, Map.of("axis", integer(-1)));
            case LAYER_NORM -> layerNorm(n);
            case GELU, GELU_GRAD -> microsoft(n, n.op().onnxName(), Map.of());
            case SOFTMAX_GRAD -> microsoft(n, "SoftmaxGrad_13", Map.of("axis", integer(-1)));
            case LAYER_NORM_GRAD -> microsoft(n, n.op().onnxName(), Map.of("axis", integer(-1)));
            case RESHAPE -> node(n, List.of(name(n.in(0)), reshapeTo(n.output().shape())), Map.of());
            case TRANSPOSE -> plain(n, Map.of("perm", axes(n)));
            case EXPAND -> node(n, List.of(name(n.in(0)), shape(n.output().shape())), Map.of());
            case REDUCE_SUM -> reduceSum(n);
            case SLICE -> slice(n);
            case PAD -> pad(n);
            case GATHER -> plain(n, Map.of("axis", integer(0)));
            case SCATTER_ADD -> scatterAdd(n);
            case ONE_HOT -> oneHot(n);
            case CAST -> plain(n, Map.of("to", integer(n.output().type().onnxCode())));
            case ATTEND, ATTEND_GRAD -> throw new IllegalStateException(n + " was not decomposed");
        }
    }

    // ---- operators -------------------------------------------------------------------------------------------------

    private boolean isOurs(Node n) {
        return switch (n.op()) {
            case GEMM -> n.in(0).type().isHalf() || isGradientOfWeight(n);
            case HEAD_SCORES, HEAD_MIX -> n.in(0).type().isHalf();
            case CAST, MUL -> n.output().type().isHalf();
            case GELU, GELU_GRAD, LAYER_NORM, LAYER_NORM_GRAD ->
                trained.contains(n) || n.output().type().isHalf();
            default -> false;
        };
    }

    /** ONNX Runtime transposes as it multiplies, and is slower there than elsewhere. */
    private static boolean isGradientOfWeight(Node gemm) {
        return gemm.attribute(Attribute.Product.class).transA()
                && gemm.inputs().size() == 2
                && !RoundedProducts.isSum(gemm);
    }

    private void ours(Node n) {
        boolean rounded = n.output().type().isHalf();
        OwnOperator operator = OwnOperator.of(
                switch (n.op()) {
                    case GEMM -> OwnOperator.Form.MATRICES;
                    case HEAD_SCORES -> OwnOperator.Form.SCORES;
                    case HEAD_MIX -> OwnOperator.Form.MIX;
                    case MUL -> OwnOperator.Form.TIMES;
                    case GELU -> OwnOperator.Form.GELU;
                    case GELU_GRAD -> OwnOperator.Form.GELU_GRADIENT;
                    case LAYER_NORM -> OwnOperator.Form.LAYER_NORM;
                    case LAYER_NORM_GRAD -> OwnOperator.Form.LAYER_NORM_GRADIENT;
                    default -> OwnOperator.Form.NONE;
                },
                n.in(0).type().isHalf(),
                rounded);
        Map<String, io.bertfinetune.ort.onnx.Attribute> attributes = new HashMap<>();
        if (operator.isProduct()) {
            Attribute.Product how = n.attribute(Attribute.Product.class);
            attributes.put(OwnOperator.ALPHA, number(how.alpha()));
            attributes.put(OwnOperator.BETA, number(how.beta()));
            attributes.put(OwnOperator.TRANS_A, flag(how.transA()));
            attributes.put(OwnOperator.TRANS_B, flag(how.transB()));
        }
        if (operator.form() == OwnOperator.Form.LAYER_NORM) {
            attributes.put(
                    OwnOperator.EPSILON,
                    number(n.attribute(Attribute.Epsilon.class).epsilon()));
        }
        add(operator.onnxName(), OwnOperator.DOMAIN, namesOf(n.inputs()), namesOf(n.outputs()), attributes);
    }

    /** A plain product with a row or a column is left to MatMul, which has a kernel of its own for vectors. */
    private void gemm(Node n) {
        Attribute.Product how = n.attribute(Attribute.Product.class);
        boolean plain = n.inputs().size() == 2 && !how.transA() && !how.transB() && how.alpha() == 1;
        if (plain && n.output().shape().dims().contains(Dim.ONE)) {
            node("MatMul", n, namesOf(n.inputs()), Map.of());
            return;
        }
        plain(
                n,
                Map.of(
                        "alpha", number(how.alpha()),
                        "beta", number(how.beta()),
                        "transA", flag(how.transA()),
                        "transB", flag(how.transB())));
    }

    /** [to, batch, heads, width] and [from, batch, heads, width] are read as [batch, heads, …] by stride, not copied. */
    private void headScores(Node n) {
        double alpha = n.attribute(Attribute.Product.class).alpha();
        add(
                "FusedMatMul",
                MICROSOFT,
                namesOf(n.inputs()),
                List.of(name(n.output())),
                Map.of(
                        "alpha", number(alpha),
                        "transBatchA", flag(true),
                        "transBatchB", flag(true),
                        "transB", flag(true)));
    }

    private void headMix(Node n) {
        Attribute.Product how = n.attribute(Attribute.Product.class);
        String mixed = name(n.output()) + "/heads"; // [batch, heads, to, width]
        add(
                "FusedMatMul",
                MICROSOFT,
                namesOf(n.inputs()),
                List.of(mixed),
                Map.of(
                        "alpha", number(how.alpha()),
                        "transA", flag(how.transA()),
                        "transBatchB", flag(true)));
        node("Transpose", n, List.of(mixed), Map.of("perm", integers(List.of(2L, 0L, 1L, 3L))));
    }

    private void layerNorm(Node n) {
        List<String> outputs = new ArrayList<>();
        outputs.add(name(n.output())); // ONNX allows the others alone to be left out
        for (Value statistic : n.outputs().subList(1, n.outputs().size())) {
            outputs.add(read.contains(statistic) ? name(statistic) : "");
        }
        while (outputs.get(outputs.size() - 1).isEmpty()) {
            outputs.remove(outputs.size() - 1);
        }
        double epsilon = n.attribute(Attribute.Epsilon.class).epsilon();
        add(
                n.op().onnxName(),
                "",
                namesOf(n.inputs()),
                outputs,
                Map.of("axis", integer(-1), "epsilon", number(epsilon)));
    }

    private void reduceSum(Node n) {
        List<Long> axes = n.attribute(Attribute.Axes.class).axes().stream()
                .map(Integer::longValue)
                .toList();
        if (axes.isEmpty()) {
            node("Identity", n, List.of(name(n.in(0))), Map.of());
        } else if (squares.contains(n.in(0))) {
            Value x = n.in(0).producer().orElseThrow().in(0);
            node("ReduceSumSquare", n, List.of(name(x), longs(axes)), Map.of("keepdims", flag(true)));
        } else {
            node(n, List.of(name(n.in(0)), longs(axes)), Map.of("keepdims", flag(true)));
        }
    }

    /** Squares that nobody but a sum reads: one operator does both. */
    private static boolean isSummedSquare(Node n, Pass.Readers readers) {
        return n.op() == Op.MUL
                && n.in(0).equals(n.in(1))
                && readers.isReadOnce(n.output())
                && readers.of(n.output()).stream()
                        .anyMatch(reader -> reader.op() == Op.REDUCE_SUM
                                && !reader.attribute(Attribute.Axes.class)
                                        .axes()
                                        .isEmpty());
    }

    private void slice(Node n) {
        Attribute.Rows rows = n.attribute(Attribute.Rows.class);
        String start = longs(List.of(rows.start()));
        String end = sum(start, rows.start(), rows.count());
        node(n, List.of(name(n.in(0)), start, end, longs(List.of(0L))), Map.of());
    }

    private void pad(Node n) {
        Attribute.Rows rows = n.attribute(Attribute.Rows.class);
        Dim own = n.in(0).shape().dim(0);
        String before = longs(List.of(rows.start()));
        String end = sum(before, rows.start(), own);
        String after = name(n.output()) + "/after";
        add("Sub", "", List.of(dim(rows.count()), end), List.of(after), Map.of());
        String pads = name(n.output()) + "/pads";
        add("Concat", "", List.of(before, after), List.of(pads), Map.of("axis", integer(0)));
        node(n, List.of(name(n.in(0)), pads, "", longs(List.of(0L))), Map.of());
    }

    private void scatterAdd(Node n) {
        String zeros = name(n.output()) + "/zeros";
        add("ConstantOfShape", "", List.of(shape(n.output().shape())), List.of(zeros), Map.of());
        if (scatter == Scatter.BY_ELEMENT) {
            scatterElements(n, zeros);
            return;
        }
        String ids = name(n.output()) + "/ids";
        add("Unsqueeze", "", List.of(name(n.in(1)), longs(List.of(-1L))), List.of(ids), Map.of());
        node(
                n,
                List.of(zeros, ids, name(n.in(0))),
                Map.of("reduction", new io.bertfinetune.ort.onnx.Attribute.Text("add")));
    }

    /** Rows [count, width] and an id beside every number of theirs. */
    private void scatterElements(Node n, String zeros) {
        long width = n.output().shape().dim(1).size();
        String column = name(n.output()) + "/column";
        add("Reshape", "", List.of(name(n.in(1)), longs(List.of(-1L, 1L))), List.of(column), Map.of());
        String ids = name(n.output()) + "/ids";
        add("Expand", "", List.of(column, longs(List.of(1L, width))), List.of(ids), Map.of());
        String rows = name(n.output()) + "/rows";
        add("Reshape", "", List.of(name(n.in(0)), longs(List.of(-1L, width))), List.of(rows), Map.of());
        add(
                "ScatterElements",
                "",
                List.of(zeros, ids, rows),
                List.of(name(n.output())),
                Map.of("axis", integer(0), "reduction", new io.bertfinetune.ort.onnx.Attribute.Text("add")));
    }

    private void oneHot(Node n) {
        String depth = longs(List.of(n.output().shape().dim(-1).size()));
        String offOn = name(program.graph().constant(Shape.of(2), 0, 1));
        node(n, List.of(name(n.in(0)), depth, offOn), Map.of("axis", integer(-1)));
    }

    // ---- shapes ----------------------------------------------------------------------------------------------------

    /** A shape for Reshape: one dimension may be left to ONNX, more are computed from the inputs. */
    private String reshapeTo(Shape shape) {
        if (shape.dims().stream().filter(dim -> !dim.isKnown()).count() > 1) {
            return shape(shape);
        }
        return longs(shape.dims().stream()
                .map(dim -> dim.isKnown() ? dim.size() : -1L)
                .toList());
    }

    private String shape(Shape shape) {
        if (shape.isKnown()) {
            return longs(shape.dims().stream().map(Dim::size).toList());
        }
        return shapes.computeIfAbsent(shape, s -> {
            String name = "shape" + shape;
            add("Concat", "", shape.dims().stream().map(this::dim).toList(), List.of(name), Map.of("axis", integer(0)));
            return name;
        });
    }

    /** A dimension as a tensor of one number, read off an input that has it. */
    private String dim(Dim dim) {
        if (dim.isKnown()) {
            return longs(List.of(dim.size()));
        }
        String known = dims.get(dim);
        if (known != null) {
            return known;
        }
        String name = "dim/" + dim;
        if (dim.names().size() == 1 && dim.factor() == 1) {
            readDimension(dim, name);
        } else if (dim.factor() != 1) {
            Dim names = new Dim(1, dim.names());
            add("Mul", "", List.of(longs(List.of(dim.factor())), dim(names)), List.of(name), Map.of());
        } else {
            Dim first = Dim.named(dim.names().get(0));
            Dim rest = new Dim(1, dim.names().subList(1, dim.names().size()));
            add("Mul", "", List.of(dim(first), dim(rest)), List.of(name), Map.of());
        }
        dims.put(dim, name);
        return name;
    }

    private void readDimension(Dim dim, String name) {
        for (Map.Entry<String, Value> input : inputs.entrySet()) {
            int axis = input.getValue().shape().dims().indexOf(dim);
            if (axis >= 0) {
                add(
                        "Shape",
                        "",
                        List.of(input.getKey()),
                        List.of(name),
                        Map.of("start", integer(axis), "end", integer(axis + 1)));
                return;
            }
        }
        throw new IllegalArgumentException("program " + program.name() + ": no input has dimension '" + dim
                + "' by itself; the inputs are " + inputs.values());
    }

    private String sum(String startName, long start, Dim count) {
        if (start == 0) {
            return dim(count);
        }
        if (count.isKnown()) {
            return longs(List.of(start + count.size()));
        }
        String name = startName + "+" + dim(count) + "/" + nodes.size();
        add("Add", "", List.of(startName, dim(count)), List.of(name), Map.of());
        return name;
    }

    // ---- names and nodes -------------------------------------------------------------------------------------------

    private String name(Value value) {
        return names.computeIfAbsent(value, v -> {
            if (v.isConstant()) {
                return constant(v);
            }
            Op op = v.producer().orElseThrow().op();
            return op.onnxName() + "_" + names.size();
        });
    }

    private List<String> namesOf(List<Value> values) {
        return values.stream().map(this::name).toList();
    }

    private String constant(Value value) {
        double[] numbers = value.literal();
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        String name = "constant_" + initializers.size();
        List<Long> shape = value.shape().dims().stream().map(Dim::size).toList();
        initializers.add(Initializer.ofFloats(name, shape, floats));
        return name;
    }

    private String longs(List<Long> numbers) {
        return longConstants.computeIfAbsent(numbers, n -> {
            String name = "integers_" + initializers.size();
            long[] values = n.stream().mapToLong(Long::longValue).toArray();
            initializers.add(Initializer.ofLongs(name, List.of((long) values.length), values));
            return name;
        });
    }

    private void plain(Node n, Map<String, io.bertfinetune.ort.onnx.Attribute> attributes) {
        node(n, namesOf(n.inputs()), attributes);
    }

    /** An operator of ONNX Runtime's own, with all outputs of the node. */
    private void microsoft(Node n, String opType, Map<String, io.bertfinetune.ort.onnx.Attribute> attributes) {
        add(opType, MICROSOFT, namesOf(n.inputs()), namesOf(n.outputs()), attributes);
    }

    private void node(Node n, List<String> in, Map<String, io.bertfinetune.ort.onnx.Attribute> attributes) {
        node(n.op().onnxName(), n, in, attributes);
    }

    private void node(
            String opType, Node n, List<String> in, Map<String, io.bertfinetune.ort.onnx.Attribute> attributes) {
        add(opType, "", in, List.of(name(n.output())), attributes);
    }

    private void add(
            String opType,
            String domain,
            List<String> in,
            List<String> out,
            Map<String, io.bertfinetune.ort.onnx.Attribute> attributes) {
        String name = opType + "#" + nodes.size();
        nodes.add(
                new OnnxNode(name, opType, domain, in, out, new LinkedHashMap<>(new java.util.TreeMap<>(attributes))));
    }

    private static OnnxValueInfo info(String name, Value value) {
        List<OnnxDimension> shape = value.shape().dims().stream()
                .map(dim -> dim.isKnown() ? OnnxDimension.of(dim.size()) : OnnxDimension.named(dim.toString()))
                .toList();
        return new OnnxValueInfo(name, value.type().onnxCode(), shape);
    }

    private static io.bertfinetune.ort.onnx.Attribute axes(Node n) {
        return integers(n.attribute(Attribute.Axes.class).axes().stream()
                .map(Integer::longValue)
                .toList());
    }

    private static io.bertfinetune.ort.onnx.Attribute integers(List<Long> values) {
        return new io.bertfinetune.ort.onnx.Attribute.Ints(values);
    }

    private static io.bertfinetune.ort.onnx.Attribute integer(long value) {
        return new io.bertfinetune.ort.onnx.Attribute.Int(value);
    }

    private static io.bertfinetune.ort.onnx.Attribute number(double value) {
        return new io.bertfinetune.ort.onnx.Attribute.Float((float) value);
    }

    private static io.bertfinetune.ort.onnx.Attribute flag(boolean value) {
        return integer(value ? 1 : 0);
    }
}
