package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Writes LayerNorm as simpler operators, with the mean and the variance of a row as products with a column: ONNX Runtime's
 * own operator for processors works number by number. The gradient needs the normalised rows too, and here they are there
 * already.
 */
final class LayerNorms extends Pass {
    private final BiPredicate<Node, Readers> kept;

    /** All but those of which this is true. */
    LayerNorms(BiPredicate<Node, Readers> kept) {
        this.kept = kept;
    }

    @Override
    List<Value> rewriteAll(Node node, List<Value> in, Readers readers) {
        // One whose statistics alone are read stays, or weight and bias were no longer inputs of the program.
        if (node.op() != Op.LAYER_NORM || kept.test(node, readers) || !readers.isRead(node.output())) {
            return List.of();
        }
        Value x = in.get(0);
        Dim width = x.shape().dim(-1);
        Value column = x.graph().constant(Shape.of(1, 1), 1.0 / width.size()).expand(Shape.of(width, Dim.ONE));
        Value mean = x.matMul(column);
        Value centred = x.minus(mean);
        Value variance = centred.times(centred).matMul(column);
        double epsilon = node.attribute(Attribute.Epsilon.class).epsilon();
        Value inverseDeviation =
                x.graph().constant(1).dividedBy(variance.plus(epsilon).sqrt());
        Value y = centred.times(inverseDeviation).times(in.get(1)).plus(in.get(2));
        return List.of(y, mean, inverseDeviation);
    }
}
