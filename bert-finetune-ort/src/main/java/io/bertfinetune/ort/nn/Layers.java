package io.bertfinetune.ort.nn;

import io.bertfinetune.ort.graph.Value;

/** The layers BERT is made of, as functions. */
public final class Layers {
    private Layers() {}

    /**
     * {@code x · weightᵀ + bias} for rows {@code [rows, in]}; the weight is {@code [out, in]}, as PyTorch stores it.
     *
     * @param p the part of the network whose {@code weight} and {@code bias} these are
     * @param x the rows, {@code [rows, in]}
     * @param out how wide the result is
     * @return {@code [rows, out]}
     */
    public static Value linear(Scope p, Value x, long out) {
        long in = x.shape().dim(-1).size();
        return x.gemm(p.parameter("weight", out, in), p.parameter("bias", out), false, true, 1, 1);
    }

    /**
     * The whole table of an embedding, {@code [rows, width]}.
     *
     * @param p the part of the network whose {@code weight} it is
     * @param rows how many rows it has
     * @param width how wide they are
     * @return the table
     */
    public static Value table(Scope p, long rows, long width) {
        return p.parameter("weight", rows, width);
    }

    /**
     * Layer normalisation of rows.
     *
     * @param p the part of the network whose {@code weight} and {@code bias} these are
     * @param x the rows, {@code [rows, width]}
     * @param epsilon added to the variance before its root is taken
     * @return the rows, normalised
     */
    public static Value layerNorm(Scope p, Value x, double epsilon) {
        long width = x.shape().dim(-1).size();
        return x.layerNorm(p.parameter("weight", width), p.parameter("bias", width), epsilon);
    }
}
