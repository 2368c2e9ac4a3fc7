package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.List;
import java.util.Optional;

/** Adds rows into a small table (token types) by a product with one-hot rows, which both cores share. */
final class SmallTables extends Pass {
    private static final int FEW = 64;

    @Override
    Optional<Value> rewrite(Node node, List<Value> in, Readers readers) {
        if (node.op() != Op.SCATTER_ADD) {
            return Optional.empty();
        }
        Shape table = node.attribute(Attribute.To.class).shape();
        Dim rows = table.dim(0);
        if (rows.size() > FEW) {
            return Optional.empty();
        }
        Value ids = in.get(1);
        Dim count = ids.shape().size();
        Value oneHot = ids.reshape(Shape.of(count)).oneHot(rows.size());
        Value added = in.get(0).reshape(Shape.of(count, table.dim(1)));
        return Optional.of(oneHot.gemm(added, true, false, 1));
    }
}
