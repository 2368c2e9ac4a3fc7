package io.bertfinetune.model;

/**
 * The number format of matrix products, in training or in an evaluation. Parameters, sums of gradients, the optimizer, loss,
 * softmax and LayerNorm are in 32 bits whichever it is, as with PyTorch's autocast; and so is everything in prediction.
 * {@link Device#supports} says which a device has.
 */
public enum Precision {
    /** 32 bits; Hugging Face's default. */
    FLOAT32,
    /**
     * 32 bits of which a product reads 10 of the 23 of the fraction, TensorFloat-32: Hugging Face's {@code tf32=True},
     * kept to this training.
     */
    TENSOR_FLOAT32,
    /** 16 bits with the range of 32: Hugging Face's {@code bf16=True}. */
    BFLOAT16,
    /** 16 bits of IEEE 754 and a scaled loss: Hugging Face's {@code fp16=True}. */
    FLOAT16
}
