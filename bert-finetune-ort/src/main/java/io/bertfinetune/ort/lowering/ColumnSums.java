package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.List;
import java.util.Optional;

/** Sums the columns of a tall matrix (gradients of biases and LayerNorms) by a product with a row of ones. */
final class ColumnSums extends Pass {
    @Override
    Optional<Value> rewrite(Node node, List<Value> in, Readers readers) {
        if (node.op() != Op.REDUCE_SUM) {
            return Optional.empty();
        }
        Value x = in.get(0);
        boolean columns = x.shape().rank() == 2
                && !x.shape().dim(0).isKnown()
                && node.attribute(Attribute.Axes.class).axes().equals(List.of(0));
        if (!columns) {
            return Optional.empty();
        }
        Value ones = x.graph()
                .constant(Shape.of(1, 1), 1)
                .expand(Shape.of(Dim.ONE, x.shape().dim(0)));
        return Optional.of(ones.matMul(x));
    }
}
