package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Value;
import java.util.List;

/**
 * Writes attention and its gradients as products and softmax, whose gradient stays one operator. GELU stays one too, but
 * of a single number, which its kernel for CUDA refuses.
 */
final class DecomposeAttention extends Pass {
    @Override
    List<Value> rewriteAll(Node node, List<Value> in, Readers readers) {
        return switch (node.op()) {
            case GELU -> in.get(0).shape().rank() == 0 ? List.of(Decompose.gelu(in.get(0))) : List.of();
            case ATTEND -> List.of(Decompose.attend(in));
            case ATTEND_GRAD -> gradients(in);
            default -> List.of();
        };
    }

    private static List<Value> gradients(List<Value> in) {
        Value dy = in.get(0);
        Value values = in.get(3);
        Value p = in.get(2).softmax();
        List<Value> mask = in.subList(4, in.size());
        Value dp = Decompose.dropped(dy.headScores(values, 1), mask);
        return List.of(p.softmaxGradient(dp), Decompose.dropped(p, mask).headMix(dy, true, 1));
    }
}
