package io.bertfinetune.ort.weights;

import java.util.Optional;

/**
 * What parameters are called in files, and what they are called here.
 *
 * <p>As Hugging Face's {@code from_pretrained} does: {@code LayerNorm.gamma} and {@code beta} of converted TensorFlow
 * checkpoints are {@code weight} and {@code bias}; the prefix {@code bert.}, which a bare {@code BertModel} is saved
 * without, is added; {@code position_ids}, which older versions saved, is passed over.
 */
final class WeightNames {
    private WeightNames() {}

    /** Whether a value of a graph is called as parameters are. */
    static boolean isParameter(String name) {
        return name.endsWith(".weight")
                || name.endsWith(".bias")
                || name.endsWith("LayerNorm.gamma")
                || name.endsWith("LayerNorm.beta");
    }

    /**
     * The name a parameter has here.
     *
     * @param name its name in the file
     * @return its name in {@code BertForSequenceClassification}; empty if it is no parameter
     */
    static Optional<String> normalise(String name) {
        if (name.equals("embeddings.position_ids") || name.equals("bert.embeddings.position_ids")) {
            return Optional.empty();
        }
        String renamed = name;
        if (renamed.endsWith("LayerNorm.gamma")) {
            renamed = renamed.substring(0, renamed.length() - "gamma".length()) + "weight";
        } else if (renamed.endsWith("LayerNorm.beta")) {
            renamed = renamed.substring(0, renamed.length() - "beta".length()) + "bias";
        }
        boolean bare =
                renamed.startsWith("embeddings.") || renamed.startsWith("encoder.") || renamed.startsWith("pooler.");
        return Optional.of(bare ? "bert." + renamed : renamed);
    }
}
