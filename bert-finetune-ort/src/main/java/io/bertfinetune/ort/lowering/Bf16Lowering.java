package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.onnx.OnnxModel;

/**
 * The lowering for processors with products of bfloat16: as {@link CpuLowering}, with the products written as operators of
 * our own, {@link OwnOperator}, for ONNX Runtime has none of such numbers there, and what {@link CpuLowering#withOwnOperators}
 * writes so too. Parameters, gradients and all that is not multiplied stay in 32 bits.
 */
public final class Bf16Lowering implements Lowering {
    /** The only one. */
    public Bf16Lowering() {}

    /** The program with its products on rounded numbers, before it is written as ONNX. */
    Program rewrite(Program program) {
        Program lowered = program;
        for (Pass pass : CpuLowering.passes(Trained::isWhole)) {
            lowered = pass.apply(lowered);
        }
        return new RoundedProducts().apply(lowered);
    }

    @Override
    public OnnxModel lower(Program program) {
        return new OnnxEmitter(rewrite(program), OnnxEmitter.Scatter.BY_ROW, OnnxEmitter.Kernels.OF_OUR_OWN).emit();
    }
}
