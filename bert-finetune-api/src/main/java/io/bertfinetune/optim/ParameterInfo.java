package io.bertfinetune.optim;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parameter apart from its numbers.
 *
 * @param name its name in the checkpoint, {@code bert.encoder.layer.0.attention.self.query.weight} for instance
 * @param shape its dimensions, outermost first
 */
public record ParameterInfo(String name, List<Integer> shape) {
    private static final Pattern EMBEDDING = Pattern.compile("(^|\\.)embeddings\\.");
    private static final Pattern LAYER = Pattern.compile("(^|\\.)layer\\.(\\d+)\\.");

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
     * Whether it belongs to the embeddings, their LayerNorm included.
     *
     * @return true for {@code bert.embeddings.…}
     */
    public boolean isEmbedding() {
        return EMBEDDING.matcher(name).find();
    }

    /**
     * The encoder layer it belongs to.
     *
     * @return its number, from 0 at the embeddings; none for embeddings, pooler and head
     */
    public OptionalInt layer() {
        Matcher layer = LAYER.matcher(name);
        return layer.find() ? OptionalInt.of(Integer.parseInt(layer.group(2))) : OptionalInt.empty();
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
