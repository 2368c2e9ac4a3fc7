package io.bertfinetune.ort.autodiff;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of every operator.
 *
 * <p>A rule is given the node and the gradient of its first output, and answers the gradient of each input, or none where
 * none flows. Rules do not sum over repeated axes and do not accumulate: {@link Autodiff} does both.
 */
final class GradientRules {
    private GradientRules() {}

    static List<Optional<Value>> gradients(Node n, Value dy) {
        Value x = n.in(0);
        Value z = n.in(n.inputs().size() > 1 ? 1 : 0);
        Value y = n.output();
        return switch (n.op()) {
            case ADD -> of(dy, dy);
            case SUB -> of(dy, dy.times(-1));
            case MUL -> of(dy.times(z), dy.times(x));
            case DIV -> of(dy.dividedBy(z), dy.times(y).dividedBy(z).times(-1));
            case MAX -> of(dy.times(share(x, z)), dy.times(share(z, x)));
            case SQRT -> of(dy.dividedBy(y.times(2)));
            case EXP -> of(dy.times(y));
            case TANH -> of(dy.minus(dy.times(y.times(y))));
            case ERF -> of(dy.times(x.times(x).times(-1).exp().times(2 / Math.sqrt(Math.PI))));
            case SIGN -> none(1);
            case ABS -> of(dy.times(x.sign()));
            case GEMM -> gemm(n, dy);
            case HEAD_SCORES -> headScores(n, dy);
            case HEAD_MIX -> headMix(n, dy);
            case SOFTMAX -> of(dy.minus(dy.times(y).sum(-1)).times(y));
            case LOG_SOFTMAX -> of(dy.minus(y.exp().times(dy.sum(-1))));
            case ATTEND -> attend(n, dy);
            case LAYER_NORM -> layerNorm(n, dy);
            case GELU -> of(gelu(x, dy));
            case RESHAPE -> of(dy.reshape(x.shape()));
            case TRANSPOSE ->
                of(dy.transpose(inverse(n.attribute(Attribute.Axes.class).axes())));
            case EXPAND -> of(dy);
            case REDUCE_SUM -> of(dy.expand(x.shape()));
            case SLICE -> of(dy.padRows(start(n), x.shape().dim(0)));
            case PAD -> of(dy.rows(start(n), x.shape().dim(0)));
            case GATHER -> firstOf(dy.scatterAdd(z, x.shape()));
            case SCATTER_ADD -> firstOf(dy.gather(z));
            case ONE_HOT, CAST -> none(1);
        };
    }

    /** Y = αA'B' + βC, each of A and B as it stands or transposed: dA = α dY B'ᵀ, dB = α A'ᵀ dY, dC = β dY. */
    private static List<Optional<Value>> gemm(Node n, Value dy) {
        Attribute.Product how = n.attribute(Attribute.Product.class);
        Value a = n.in(0);
        Value b = n.in(1);
        Value da = how.transA()
                ? b.gemm(dy, how.transB(), true, how.alpha())
                : dy.gemm(b, false, !how.transB(), how.alpha());
        Value db = how.transB()
                ? dy.gemm(a, true, how.transA(), how.alpha())
                : a.gemm(dy, !how.transA(), false, how.alpha());
        return n.inputs().size() == 2 ? of(da, db) : of(da, db, dy.times(how.beta()));
    }

    private static List<Optional<Value>> headScores(Node n, Value dy) {
        double alpha = n.attribute(Attribute.Product.class).alpha();
        return of(dy.headMix(n.in(1), false, alpha), dy.headMix(n.in(0), true, alpha));
    }

    private static List<Optional<Value>> headMix(Node n, Value dy) {
        Attribute.Product how = n.attribute(Attribute.Product.class);
        Value p = n.in(0);
        Value v = n.in(1);
        Value dp = how.transA() ? v.headScores(dy, how.alpha()) : dy.headScores(v, how.alpha());
        return of(dp, p.headMix(dy, !how.transA(), how.alpha()));
    }

    /**
     * O = (softmax(S) ∘ M) V. The softmax's row sum of dP ∘ P is the row sum of dO ∘ O, which has as many numbers as the
     * output and not as the scores.
     */
    private static List<Optional<Value>> attend(Node n, Value dy) {
        Value values = n.in(1);
        Value p = n.in(0).softmax();
        Value dropped = n.inputs().size() == 3 ? p.times(n.in(2)) : p;
        Value rowSums = dy.times(n.output()).sum(-1).transpose(1, 2, 0, 3); // [batch, heads, to, 1]
        Value ds = dy.headScores(values, 1).times(dropped).minus(p.times(rowSums));
        Value dv = dropped.headMix(dy, true, 1);
        return n.inputs().size() == 2 ? of(ds, dv) : List.of(Optional.of(ds), Optional.of(dv), Optional.empty());
    }

    /** Ba et al., 2016; the two means over a row are products with a column, which is faster than summing. */
    private static List<Optional<Value>> layerNorm(Node n, Value dy) {
        Value x = n.in(0);
        Value weight = n.in(1);
        Value mean = n.outputs().get(1);
        Value inverseDeviation = n.outputs().get(2);
        Dim width = x.shape().dim(1);
        Value normal = x.minus(mean).times(inverseDeviation);
        Value dyNormal = dy.times(normal);
        Value column = weight.reshape(Shape.of(width, Dim.ONE)).times(1.0 / width.size());
        Value dx = dy.times(weight)
                .minus(dy.matMul(column))
                .minus(normal.times(dyNormal.matMul(column)))
                .times(inverseDeviation);
        return of(dx, dyNormal, dy);
    }

    /** ½ (1 + erf u + u · 2/√π · e^−u²) with u = x/√2, the constant moved into the exponent. */
    private static Value gelu(Value x, Value dy) {
        Value u = x.times(Math.sqrt(0.5));
        Value bell = x.graph()
                .constant(Math.log(2 / Math.sqrt(Math.PI)))
                .minus(u.times(u))
                .exp();
        return dy.times(u.erf().plus(1).plus(u.times(bell))).times(0.5);
    }

    /** 1 where a is the greater, 0 where b is, and a half each where they are equal, as in PyTorch. */
    private static Value share(Value a, Value b) {
        return a.minus(b).sign().plus(1).times(0.5);
    }

    private static long start(Node n) {
        return n.attribute(Attribute.Rows.class).start();
    }

    private static Integer[] inverse(List<Integer> order) {
        Integer[] inverse = new Integer[order.size()];
        for (int i = 0; i < inverse.length; i++) {
            inverse[order.get(i)] = i;
        }
        return inverse;
    }

    private static List<Optional<Value>> of(Value... gradients) {
        return Arrays.stream(gradients).map(Optional::of).toList();
    }

    private static List<Optional<Value>> firstOf(Value gradient) {
        return List.of(Optional.of(gradient), Optional.empty());
    }

    private static List<Optional<Value>> none(int inputs) {
        return java.util.Collections.nCopies(inputs, Optional.empty());
    }
}
