package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Value;
import java.util.List;
import java.util.Optional;

/**
 * Writes attention and GELU as simpler operators. Parts that the gradient needs as well ({@code softmax}, {@code erf})
 * are there once, for a graph keeps one of each node.
 */
final class Decompose extends Pass {
    @Override
    Optional<Value> rewrite(Node node, List<Value> in, Readers readers) {
        return switch (node.op()) {
            case GELU -> Optional.of(gelu(in.get(0)));
            case ATTEND -> Optional.of(attend(in));
            default -> Optional.empty();
        };
    }

    /** x/√2 · (1 + erf(x/√2)) / √2: the constants stand where the products beside them can take them up. */
    private static Value gelu(Value x) {
        double k = Math.sqrt(0.5);
        Value u = x.times(k);
        return u.times(u.erf().plus(1)).times(k);
    }

    private static Value attend(List<Value> in) {
        Value p = in.get(0).softmax();
        Value dropped = in.size() == 3 ? p.times(in.get(2)) : p;
        return dropped.headMix(in.get(1), false, 1);
    }
}
