package io.bertfinetune.ort.lowering;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.onnx.OnnxModel;
import java.util.List;

/**
 * The lowering for NVIDIA's GPUs: on operators that every build of ONNX Runtime for CUDA has kernels for, or with the
 * fused gradients of softmax, LayerNorm and GELU that builds with training have besides. In 16 bits, products alone are
 * computed in them; see {@link Autocast}. Nothing here needs a GPU: the same models run on a processor, those in
 * bfloat16 apart, for which it has no kernels.
 */
public final class CudaLowering implements Lowering {
    private final List<Pass> passes;

    private CudaLowering(Pass decomposition, Precision precision) {
        this.passes = List.of(decomposition, new SmallTables(), new ColumnSums(), new FoldScales(), lastIn(precision));
    }

    private static Pass lastIn(Precision precision) {
        return switch (precision) {
            case FLOAT32, TENSOR_FLOAT32 -> new FoldAddends();
            case BFLOAT16 -> new Autocast(DataType.BFLOAT16);
            case FLOAT16 -> new Autocast(DataType.FLOAT16);
        };
    }

    /**
     * The lowering to plain operators and to products in this precision.
     *
     * @param precision that of the products
     * @return the lowering for an NVIDIA GPU
     */
    public static CudaLowering in(Precision precision) {
        return new CudaLowering(new Decompose(), precision);
    }

    /**
     * The lowering to products in this precision and to fused operators: {@code Gelu}, {@code GeluGrad},
     * {@code SoftmaxGrad_13} and {@code LayerNormalizationGrad} of the domain {@code com.microsoft}, of which the
     * gradients are in builds of ONNX Runtime with training alone.
     *
     * @param precision that of the products
     * @return the lowering for an NVIDIA GPU and a build with training
     */
    public static CudaLowering fusedIn(Precision precision) {
        return new CudaLowering(new DecomposeAttention(), precision);
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
