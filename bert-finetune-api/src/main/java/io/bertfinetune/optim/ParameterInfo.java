package io.bertfinetune.optim;

import java.util.List;

/**
 * A parameter apart from its numbers.
 *
 * @param name its name in the checkpoint, {@code bert.encoder.layer.0.attention.self.query.weight} for instance
 * @param shape its dimensions, outermost first
 */
public record ParameterInfo(String name, List<Integer> shape) {
    /**
     * Copies the shape.
     *
     * @param name its name in the checkpoint, {@code bert.encoder.layer.0.attention.self.query.weight} for instance
     * @param shape its dimensions, outermost first
     */
    public ParameterInfo {
        shape = List.copyOf(shape);
    }

    /**
     * Whether it is a bias or belongs to a LayerNorm: such parameters do not decay, as in Hugging Face's Trainer.
     *
     * @return true for biases and LayerNorms
     */
    public boolean isBiasOrNorm() {
        return name.endsWith("bias") || name.contains("LayerNorm");
    }

    /**
     * How many numbers it holds.
     *
     * @return the product of its dimensions
     */
    public long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
}
