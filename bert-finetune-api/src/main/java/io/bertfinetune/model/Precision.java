package io.bertfinetune.model;

/**
 * The number format of the matrix products of training. Parameters, sums of gradients, the optimizer, loss, softmax and
 * LayerNorm are in 32 bits whichever it is, as with PyTorch's autocast.
 */
public enum Precision {
    /** 32 bits; Hugging Face's default. */
    FLOAT32,
    /** 16 bits with the range of 32: Hugging Face's {@code bf16=True}. */
    BFLOAT16,
    /** 16 bits of IEEE 754 and a scaled loss: Hugging Face's {@code fp16=True}. */
    FLOAT16
}
