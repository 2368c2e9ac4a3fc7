package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Computes matrix products in 16 bits and everything that adds up or divides in 32: PyTorch's autocast. Parameters, sums
 * of gradients and the optimizer stay in 32 bits.
 *
 * <p>A product rounds its inputs, multiplies and gives 16 bits; what only moves or scales such numbers stays in 16 bits,
 * and so do a product of dropout and a GELU that was not decomposed, whose kernel computes in 32 bits and rounds. Where a
 * number of 32 bits joins, 32 bits go on. Loss, softmax, LayerNorm and the derivatives of the three and of GELU are
 * computed in 32 bits from the rounded numbers.
 */
final class Autocast extends Pass {
    /** What the names of inputs with masks of dropout begin with. */
    private static final String MASKS = "dropout.";

    private static final Set<Op> UNPACKING = Set.of(Op.RESHAPE, Op.SLICE, Op.GATHER, Op.CAST);

    private final DataType half;

    /** With products in this type. */
    Autocast(DataType half) {
        if (!half.isHalf()) {
            throw new IllegalArgumentException("autocast to " + half + ", expected a type of 16 bits");
        }
        this.half = half;
    }

    @Override
    Optional<Value> rewrite(Node node, List<Value> in, Readers readers) {
        return switch (node.op()) {
            case GEMM -> isSum(node, in) ? Optional.empty() : gemm(node, in);
            case HEAD_SCORES, HEAD_MIX -> Optional.of(inHalf(node, in));
            case GELU, RESHAPE, TRANSPOSE, SLICE, EXPAND ->
                isHalf(in.get(0)) ? Optional.of(inHalf(node, in)) : Optional.empty();
            case MUL ->
                isHalf(in.get(0))
                                && isFactor(in.get(1))
                                && in.get(0).shape().equals(node.output().shape())
                        ? Optional.of(inHalf(node, in))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** A product whose addend is a matrix of 32 bits, as where gradients meet, is added to in 32 bits. */
    private Optional<Value> gemm(Node node, List<Value> in) {
        if (in.size() == 2 || in.get(2).shape().rank() == 1 || isHalf(in.get(2))) {
            return Optional.of(inHalf(node, in));
        }
        Attribute.Product how = node.attribute(Attribute.Product.class);
        Value product = half(in.get(0)).gemm(half(in.get(1)), how.transA(), how.transB(), how.alpha());
        return Optional.of(product.cast(DataType.FLOAT).plus(in.get(2).times(how.beta())));
    }

    /** The node on rounded inputs; whoever wants 32 bits of its result gets them from the cast behind it. */
    private Value inHalf(Node node, List<Value> in) {
        return node.onTypes(in.stream().map(this::half).toList(), half).output().cast(DataType.FLOAT);
    }

    private Value half(Value value) {
        return isHalf(value) ? value.producer().orElseThrow().in(0) : value.cast(half);
    }

    /** Whether the value is a cast of a number of 16 bits. */
    private boolean isHalf(Value value) {
        return value.producer()
                .filter(node -> node.op() == Op.CAST && node.in(0).type() == half)
                .isPresent();
    }

    /** Whether the product does the work of a sum: with a row or a column, or of rows picked by ids. */
    private static boolean isSum(Node node, List<Value> in) {
        return node.output().shape().dims().contains(Dim.ONE)
                || in.get(0).producer().filter(each -> each.op() == Op.ONE_HOT).isPresent();
    }

    /** A number, or a mask of dropout. */
    private static boolean isFactor(Value value) {
        return value.isConstant() ? value.shape().rank() == 0 : isMask(value);
    }

    /** An input with a mask, or what is unpacked from one. */
    private static boolean isMask(Value value) {
        return value.name().startsWith(MASKS)
                || value.producer()
                        .filter(node -> UNPACKING.contains(node.op())
                                && isMask(node.in(node.inputs().size() - 1)))
                        .isPresent();
    }
}
