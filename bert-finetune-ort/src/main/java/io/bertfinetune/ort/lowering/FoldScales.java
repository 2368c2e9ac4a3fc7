package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Moves multiplication by a number into the matrix product before or behind it. */
final class FoldScales extends Pass {
    @Override
    Optional<Value> rewrite(Node node, List<Value> in, Readers readers) {
        return switch (node.op()) {
            case MUL -> behindProduct(node, in, readers);
            case GEMM -> beforeProduct(node, in);
            default -> Optional.empty();
        };
    }

    private static Optional<Value> behindProduct(Node node, List<Value> in, Readers readers) {
        Optional<Double> number = scalar(in.get(1));
        Optional<Node> product = in.get(0).producer().filter(p -> p.op() == Op.GEMM);
        if (number.isEmpty()
                || product.isEmpty()
                || !readers.isReadOnce(node.in(0))
                || readers.overwrites(node.output())) {
            return Optional.empty();
        }
        return Optional.of(scaled(product.get(), product.get().inputs(), number.get(), number.get()));
    }

    private static Optional<Value> beforeProduct(Node node, List<Value> in) {
        List<Value> unscaled = new ArrayList<>(in);
        double factor = 1;
        for (int side = 0; side < 2; side++) {
            Optional<Node> scale = in.get(side).producer().filter(FoldScales::isScale);
            if (scale.isPresent()) {
                unscaled.set(side, scale.get().in(0));
                factor *= scalar(scale.get().in(1)).orElseThrow();
            }
        }
        return factor == 1 ? Optional.empty() : Optional.of(scaled(node, unscaled, factor, 1));
    }

    private static boolean isScale(Node node) {
        return node.op() == Op.MUL
                && scalar(node.in(1)).isPresent()
                && node.in(0).shape().rank() == 2;
    }

    private static Value scaled(Node product, List<Value> in, double alpha, double beta) {
        Attribute.Product how = product.attribute(Attribute.Product.class);
        double newAlpha = how.alpha() * alpha;
        return in.size() == 2
                ? in.get(0).gemm(in.get(1), how.transA(), how.transB(), newAlpha)
                : in.get(0).gemm(in.get(1), in.get(2), how.transA(), how.transB(), newAlpha, how.beta() * beta);
    }
}
