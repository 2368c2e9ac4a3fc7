package io.bertfinetune.ort.autodiff;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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
            case SOFTMAX -> of(y.softmaxGradient(dy));
            case LOG_SOFTMAX -> of(dy.minus(y.exp().times(dy.sum(-1))));
            case ATTEND -> firstOf(y.attendGradients(dy), n.inputs().size());
            case LAYER_NORM -> firstOf(y.layerNormGradients(dy), n.inputs().size());
            case GELU -> of(x.geluGradient(dy));
            case SOFTMAX_GRAD, ATTEND_GRAD, LAYER_NORM_GRAD, GELU_GRAD ->
                throw new UnsupportedOperationException(
                        n.op().onnxName() + " is a gradient; second derivatives of these operators are not computed");
            case RESHAPE -> of(dy.reshape(x.shape()));
            case TRANSPOSE ->
                of(dy.transpose(inverse(n.attribute(Attribute.Axes.class).axes())));
            case EXPAND -> of(dy);
            case REDUCE_SUM -> of(dy.expand(x.shape()));
            case SLICE -> of(dy.padRows(start(n), x.shape().dim(0)));
            case PAD -> of(dy.rows(start(n), x.shape().dim(0)));
            case GATHER -> firstOf(List.of(dy.scatterAdd(z, x.shape())), 2);
            case SCATTER_ADD -> firstOf(List.of(dy.gather(z)), 2);
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

    /** The gradients of the first inputs; none flows to the others. */
    private static List<Optional<Value>> firstOf(List<Value> gradients, int inputs) {
        return IntStream.range(0, inputs)
                .mapToObj(i -> i < gradients.size() ? Optional.of(gradients.get(i)) : Optional.<Value>empty())
                .toList();
    }

    private static List<Optional<Value>> none(int inputs) {
        return java.util.Collections.nCopies(inputs, Optional.empty());
    }
}
