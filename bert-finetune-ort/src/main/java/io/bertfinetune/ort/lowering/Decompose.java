package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Writes attention, GELU and the gradients of these, of softmax and of LayerNorm as simpler operators. Parts that forward
 * and backward both need ({@code softmax}, {@code erf}) are there once, for a graph keeps one of each node.
 */
final class Decompose extends Pass {
    private final BiPredicate<Node, Readers> kept;

    /** All of them. */
    Decompose() {
        this(Set.of());
    }

    /** All but these. */
    Decompose(Set<Op> kept) {
        this((node, readers) -> kept.contains(node.op()));
    }

    /** All but those of which this is true. */
    Decompose(BiPredicate<Node, Readers> kept) {
        this.kept = kept;
    }

    @Override
    List<Value> rewriteAll(Node node, List<Value> in, Readers readers) {
        if (kept.test(node, readers)) {
            return List.of();
        }
        return switch (node.op()) {
            case GELU -> List.of(gelu(in.get(0)));
            case GELU_GRAD -> List.of(geluGradient(in.get(0), in.get(1)));
            case SOFTMAX_GRAD -> List.of(softmaxGradient(in.get(0), in.get(1)));
            case LAYER_NORM_GRAD -> layerNormGradients(in);
            case ATTEND -> List.of(attend(in));
            case ATTEND_GRAD -> attendGradients(in);
            default -> List.of();
        };
    }

    /** x/√2 · (1 + erf(x/√2)) / √2: the constants stand where the products beside them can take them up. */
    static Value gelu(Value x) {
        double k = Math.sqrt(0.5);
        Value u = x.times(k);
        return u.times(u.erf().plus(1)).times(k);
    }

    /** ½ (1 + erf u + u · 2/√π · e^−u²) with u = x/√2, the constant moved into the exponent. */
    private static Value geluGradient(Value dy, Value x) {
        Value u = x.times(Math.sqrt(0.5));
        Value bell = x.graph()
                .constant(Math.log(2 / Math.sqrt(Math.PI)))
                .minus(u.times(u))
                .exp();
        return dy.times(u.erf().plus(1).plus(u.times(bell))).times(0.5);
    }

    private static Value softmaxGradient(Value dy, Value y) {
        return dy.minus(dy.times(y).sum(-1)).times(y);
    }

    /** Ba et al., 2016; the two means over a row are products with a column, which is faster than summing. */
    private static List<Value> layerNormGradients(List<Value> in) {
        Value dy = in.get(0);
        Value x = in.get(1);
        Value weight = in.get(2);
        Value mean = in.get(3);
        Value inverseDeviation = in.get(4);
        Dim width = x.shape().dim(1);
        Value normal = x.minus(mean).times(inverseDeviation);
        Value dyNormal = dy.times(normal);
        Value column = weight.reshape(Shape.of(width, Dim.ONE)).times(1.0 / width.size());
        Value dx = dy.times(weight)
                .minus(dy.matMul(column))
                .minus(normal.times(dyNormal.matMul(column)))
                .times(inverseDeviation);
        return List.of(dx, dyNormal.sum(0).reshape(weight.shape()), dy.sum(0).reshape(weight.shape()));
    }

    /** The mix of values, by the softmax of scores that dropout may have thinned out. */
    static Value attend(List<Value> in) {
        return dropped(in.get(0).softmax(), in.subList(2, in.size())).headMix(in.get(1), false, 1);
    }

    /**
     * O = (P ∘ M) V with P = softmax(S): dS = (dPM ∘ M − r) ∘ P, where dPM = dO Vᵀ. The softmax's row sums r are those of
     * dO ∘ O, which has as many numbers as the output and not as the scores.
     */
    private static List<Value> attendGradients(List<Value> in) {
        Value dy = in.get(0);
        Value y = in.get(1);
        Value values = in.get(3);
        Value p = in.get(2).softmax();
        List<Value> mask = in.subList(4, in.size());
        Value rowSums = dy.times(y).sum(-1).transpose(1, 2, 0, 3); // [batch, heads, to, 1]
        Value ds = dropped(dy.headScores(values, 1), mask).minus(rowSums).times(p);
        return List.of(ds, dropped(p, mask).headMix(dy, true, 1));
    }

    /** Numbers times a mask, if there is one. */
    static Value dropped(Value p, List<Value> mask) {
        return mask.isEmpty() ? p : p.times(mask.get(0));
    }
}
