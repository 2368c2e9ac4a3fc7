package io.bertfinetune.ort.nn;

import io.bertfinetune.ort.graph.Value;

/** The layers BERT is made of, as functions. */
public final class Layers {
    private Layers() {}

    /** {@code x · weightᵀ + bias} for rows {@code [rows, in]}; the weight is {@code [out, in]}, as PyTorch stores it. */
    public static Value linear(Scope p, Value x, long out) {
        long in = x.shape().dim(-1).size();
        return x.gemm(p.parameter("weight", out, in), p.parameter("bias", out), false, true, 1, 1);
    }

    /** The whole table of an embedding, {@code [rows, width]}. */
    public static Value table(Scope p, long rows, long width) {
        return p.parameter("weight", rows, width);
    }

    /** Layer normalisation of rows. */
    public static Value layerNorm(Scope p, Value x, double epsilon) {
        long width = x.shape().dim(-1).size();
        return x.layerNorm(p.parameter("weight", width), p.parameter("bias", width), epsilon);
    }
}
