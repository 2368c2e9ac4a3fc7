package io.bertfinetune.ort.lowering;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The lowering for NVIDIA's GPUs, on operators that every build of ONNX Runtime for CUDA has kernels for. In 16 bits,
 * products alone are computed in them; see {@link Autocast}. Nothing here needs a GPU: the same models run on a
 * processor, those in bfloat16 apart, for which it has no kernels.
 */
public final class CudaLowering implements Lowering {
    private static final List<Pass> IN_ANY_PRECISION =
            List.of(new Decompose(), new SmallTables(), new ColumnSums(), new FoldScales());

    private final List<Pass> passes;

    private CudaLowering(List<Pass> passes) {
        this.passes = passes;
    }

    /**
     * The lowering to products in this precision.
     *
     * @param precision that of the products
     * @return the lowering for an NVIDIA GPU
     */
    public static CudaLowering in(Precision precision) {
        List<Pass> passes = new ArrayList<>(IN_ANY_PRECISION);
        passes.add(
                switch (precision) {
                    case FLOAT32, TENSOR_FLOAT32 -> new FoldAddends();
                    case BFLOAT16 -> new Autocast(DataType.BFLOAT16);
                    case FLOAT16 -> new Autocast(DataType.FLOAT16);
                });
        return new CudaLowering(passes);
    }

    /** The program with its products in the precision, before it is written as ONNX. */
    Program rewrite(Program program) {
        Program lowered = program;
        for (Pass pass : passes) {
            lowered = pass.apply(lowered);
        }
        return lowered;
    }

    @Override
    public OnnxModel lower(Program program) {
        return new OnnxEmitter(rewrite(program), OnnxEmitter.Scatter.BY_ELEMENT).emit();
    }
}
