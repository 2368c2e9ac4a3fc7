package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.onnx.OnnxModel;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The lowering for processors, float32, on standard and stock contrib operators of ONNX Runtime's official build. Faster
 * there than ONNX Runtime's own training kernels; {@code docs/performance.md} has the measurements.
 */
public final class CpuLowering implements Lowering {
    private final List<Pass> passes;
    private final OnnxEmitter.Kernels kernels;

    private CpuLowering(List<Pass> passes, OnnxEmitter.Kernels kernels) {
        this.passes = passes;
        this.kernels = kernels;
    }

    /**
     * Every pass on.
     *
     * @return the lowering for the processor
     */
    public static CpuLowering standard() {
        return new CpuLowering(passes((node, readers) -> false), OnnxEmitter.Kernels.OF_ONNX_RUNTIME);
    }

    /**
     * Every pass on, and what trains a model written as operators of our own, {@link OwnOperator}, for an engine that has them:
     * gradients of weights, GELU, LayerNorm and their gradients. A program that only predicts has none of them.
     *
     * @return the lowering for a processor with such an engine
     */
    public static CpuLowering withOwnOperators() {
        return new CpuLowering(passes(Trained::isWhole), OnnxEmitter.Kernels.OF_OUR_OWN);
    }

    /** Every pass, in the order in which they are applied, the first of which decomposes. */
    static List<Pass> passes(BiPredicate<Node, Pass.Readers> kept) {
        return List.of(
                new Decompose(kept),
                new LayerNorms(kept),
                new SmallTables(),
                new ColumnSums(),
                new FoldScales(),
                new FoldAddends());
    }

    /**
     * The names of the passes that may be switched off.
     *
     * @return the names, in the order in which the passes are applied
     */
    public List<String> optionalPasses() {
        return passes.stream()
                .filter(pass -> !(pass instanceof Decompose))
                .map(Pass::name)
                .toList();
    }

    /**
     * The same without one pass, to see what it is worth.
     *
     * @param pass one of {@link #optionalPasses}
     * @return a new lowering
     */
    public CpuLowering without(String pass) {
        if (!optionalPasses().contains(pass)) {
            throw new IllegalArgumentException("no pass '" + pass + "'; there are " + optionalPasses());
        }
        return new CpuLowering(
                passes.stream().filter(each -> !each.name().equals(pass)).toList(), kernels);
    }

    @Override
    public OnnxModel lower(Program program) {
        Program lowered = program;
        for (Pass pass : passes) {
            lowered = pass.apply(lowered);
        }
        return new OnnxEmitter(lowered, OnnxEmitter.Scatter.BY_ROW, kernels).emit();
    }
}
