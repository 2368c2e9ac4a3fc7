package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Value;
import java.util.List;
import java.util.Optional;

/** Adds what is added to a matrix product inside the product, as its C: gradients that meet at a residual. */
final class FoldAddends extends Pass {
    @Override
    Optional<Value> rewrite(Node node, List<Value> in, Readers readers) {
        if (node.op() != Op.ADD || readers.overwrites(node.output())) {
            return Optional.empty();
        }
        return folded(node, in, readers, 1).or(() -> folded(node, in, readers, 0));
    }

    private static Optional<Value> folded(Node node, List<Value> in, Readers readers, int side) {
        Value addend = in.get(1 - side);
        return in.get(side)
                .producer()
                .filter(product -> product.op() == Op.GEMM
                        && product.inputs().size() == 2
                        && addend.shape().equals(in.get(side).shape())
                        && readers.isReadOnce(node.in(side)))
                .map(product -> {
                    Attribute.Product how = product.attribute(Attribute.Product.class);
                    return product.in(0).gemm(product.in(1), addend, how.transA(), how.transB(), how.alpha(), 1);
                });
    }
}
