package io.bertfinetune.model;

/** What a run looks at more closely; Hugging Face's {@code debug}. */
public enum DebugOption {
    /**
     * When a loss or a gradient is NaN or infinite, names the first tensor in which it was: a weight, else what a layer put
     * out, else a gradient. The search runs the batch once more, and only then; until then it costs nothing.
     */
    UNDERFLOW_OVERFLOW
}
