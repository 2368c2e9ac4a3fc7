package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes matrix products on numbers rounded to bfloat16 and everything else in 32 bits, for a processor that multiplies
 * such numbers. A value is rounded once, whoever reads it. A product adds up in 32 bits and gives them, unless all who read it
 * would round it.
 */
final class RoundedProducts extends Pass {
    private final Map<Value, Boolean> readRounded = new HashMap<>();

    @Override
    Optional<Value> rewrite(Node node, List<Value> in, Readers readers) {
        return switch (node.op()) {
            case GEMM -> isSum(node) ? sum(node, in) : Optional.of(gemm(node, in, readers));
            case HEAD_SCORES, HEAD_MIX ->
                Optional.of(product(node, in.get(0), in.get(1), List.of(), isReadRounded(node.output(), readers)));
            case MUL ->
                isPlain(node) && isReadRounded(node.output(), readers)
                        ? Optional.of(rounded(node, in))
                        : Optional.empty();
            case GELU, GELU_GRAD ->
                isReadRounded(node.output(), readers) ? Optional.of(rounded(node, in)) : Optional.empty();
            case RESHAPE ->
                in.get(0).type().isHalf()
                        ? Optional.of(in.get(0).reshape(node.output().shape()))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Whether numbers of one shape are multiplied, each with its own. */
    private static boolean isPlain(Node mul) {
        return mul.in(0).shape().equals(mul.in(1).shape());
    }

    /** The same, computed in 32 bits and rounded where it is made. */
    private static Value rounded(Node node, List<Value> in) {
        return node.onTypes(in, DataType.BFLOAT16).output();
    }

    /** Columns of rounded numbers are added up by a product of them, for ones are not changed by rounding. */
    private static Optional<Value> sum(Node node, List<Value> in) {
        return in.get(1).type().isHalf()
                ? Optional.of(product(node, in.get(0), in.get(1), List.of(), false))
                : Optional.empty();
    }

    private Value gemm(Node node, List<Value> in, Readers readers) {
        Attribute.Product how = node.attribute(Attribute.Product.class);
        if (in.size() == 2) {
            return product(node, in.get(0), in.get(1), List.of(), isReadRounded(node.output(), readers));
        }
        Value addend = in.get(2);
        boolean bias = addend.shape().rank() == 1;
        if (bias || addend.shape().equals(node.output().shape())) {
            boolean rounded = bias && how.alpha() == how.beta() && isReadRounded(node.output(), readers);
            return product(node, in.get(0), in.get(1), List.of(addend), rounded);
        }
        return product(node, in.get(0), in.get(1), List.of(), false).plus(addend.times(how.beta()));
    }

    private static Value product(Node node, Value a, Value b, List<Value> addend, boolean rounded) {
        List<Value> in = new ArrayList<>(List.of(half(a), half(b)));
        in.addAll(addend);
        return node.onTypes(in, rounded ? DataType.BFLOAT16 : DataType.FLOAT).output();
    }

    private static Value half(Value value) {
        if (value.type().isHalf()) {
            return value;
        }
        Optional<Node> reshape = value.producer().filter(node -> node.op() == Op.RESHAPE);
        return reshape.isPresent() ? half(reshape.get().in(0)).reshape(value.shape()) : value.cast(DataType.BFLOAT16);
    }

    /** Whether every reader of the value would round it. */
    private boolean isReadRounded(Value value, Readers readers) {
        Boolean known = readRounded.get(value);
        if (known == null) {
            known = !readers.isOutput(value)
                    && readers.of(value).stream().allMatch(reader -> rounds(reader, value, readers));
            readRounded.put(value, known);
        }
        return known;
    }

    private boolean rounds(Node reader, Value value, Readers readers) {
        return switch (reader.op()) {
            case HEAD_SCORES, HEAD_MIX -> true;
            case RESHAPE -> isReadRounded(reader.output(), readers);
            case GEMM ->
                isSum(reader)
                        ? isOfColumns(reader)
                        : reader.inputs().size() == 2 || !reader.in(2).equals(value);
            default -> false;
        };
    }

    /** Whether the product does the work of a sum: with a row or a column, or of rows picked by ids. */
    static boolean isSum(Node node) {
        return node.output().shape().dims().contains(Dim.ONE)
                || node.in(0).producer().filter(each -> each.op() == Op.ONE_HOT).isPresent();
    }

    /** As {@link ColumnSums} writes it: ones times a matrix. */
    private static boolean isOfColumns(Node sum) {
        return sum.inputs().size() == 2
                && sum.in(0)
                        .producer()
                        .filter(each -> each.op() == Op.EXPAND && each.in(0).isConstant())
                        .isPresent();
    }
}
