package io.bertfinetune.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The sizes of a BERT. */
enum BertSize {
    /** For trying things out. */
    TINY("tiny", 2, 32, 2, 64, 200, 128),
    /** all-MiniLM-L6-v2. */
    MINILM("MiniLM-L6", 6, 384, 12, 1536, 30522, 512),
    /** bert-base-uncased. */
    BASE("BERT-base", 12, 768, 12, 3072, 30522, 512),
    /** bert-large-uncased. */
    LARGE("BERT-large", 24, 1024, 16, 4096, 30522, 512);

    private static final int LABELS = 2;
    private static final int TOKEN_TYPES = 2;

    private final String title;
    private final int layers;
    private final int hidden;
    private final int heads;
    private final int intermediate;
    private final int vocabulary;
    private final int positions;

    BertSize(String title, int layers, int hidden, int heads, int intermediate, int vocabulary, int positions) {
        this.title = title;
        this.layers = layers;
        this.hidden = hidden;
        this.heads = heads;
        this.intermediate = intermediate;
        this.vocabulary = vocabulary;
        this.positions = positions;
    }

    /** The size of this name, in small letters. */
    static BertSize of(String name) {
        return Arrays.stream(values())
                .filter(size -> size.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("model is '" + name + "', expected one of "
                        + Arrays.stream(values()).map(BertSize::key).collect(Collectors.joining(", "))));
    }

    private String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What people call it. */
    String title() {
        return title;
    }

    int vocabulary() {
        return vocabulary;
    }

    /** The most tokens it reads. */
    int positions() {
        return positions;
    }

    /** What {@code config.json} says, under Hugging Face's names. */
    Map<String, Object> config() {
        Map<String, Object> config = new TreeMap<>();
        config.put("model_type", "bert");
        config.put("architectures", new String[] {"BertForSequenceClassification"});
        config.put("num_hidden_layers", layers);
        config.put("hidden_size", hidden);
        config.put("num_attention_heads", heads);
        config.put("intermediate_size", intermediate);
        config.put("vocab_size", vocabulary);
        config.put("max_position_embeddings", positions);
        config.put("type_vocab_size", TOKEN_TYPES);
        config.put("hidden_act", "gelu");
        config.put("hidden_dropout_prob", 0.1);
        config.put("attention_probs_dropout_prob", 0.1);
        config.put("layer_norm_eps", 1e-12);
        config.put("initializer_range", 0.02);
        config.put("pad_token_id", 0);
        config.put("id2label", Map.of("0", "0", "1", "1"));
        config.put("label2id", Map.of("0", 0, "1", 1));
        config.put("problem_type", "single_label_classification");
        return config;
    }

    /** The shape of every parameter of {@code BertForSequenceClassification}, under the names of a checkpoint. */
    Map<String, int[]> parameters() {
        Map<String, int[]> shapes = new TreeMap<>();
        shapes.put("bert.embeddings.word_embeddings.weight", new int[] {vocabulary, hidden});
        shapes.put("bert.embeddings.position_embeddings.weight", new int[] {positions, hidden});
        shapes.put("bert.embeddings.token_type_embeddings.weight", new int[] {TOKEN_TYPES, hidden});
        layerNorm(shapes, "bert.embeddings.LayerNorm");
        for (int i = 0; i < layers; i++) {
            String layer = "bert.encoder.layer." + i + ".";
            linear(shapes, layer + "attention.self.query", hidden, hidden);
            linear(shapes, layer + "attention.self.key", hidden, hidden);
            linear(shapes, layer + "attention.self.value", hidden, hidden);
            linear(shapes, layer + "attention.output.dense", hidden, hidden);
            layerNorm(shapes, layer + "attention.output.LayerNorm");
            linear(shapes, layer + "intermediate.dense", intermediate, hidden);
            linear(shapes, layer + "output.dense", hidden, intermediate);
            layerNorm(shapes, layer + "output.LayerNorm");
        }
        linear(shapes, "bert.pooler.dense", hidden, hidden);
        linear(shapes, "classifier", LABELS, hidden);
        return shapes;
    }

    private void layerNorm(Map<String, int[]> shapes, String name) {
        shapes.put(name + ".weight", new int[] {hidden});
        shapes.put(name + ".bias", new int[] {hidden});
    }

    private static void linear(Map<String, int[]> shapes, String name, int outputs, int inputs) {
        shapes.put(name + ".weight", new int[] {outputs, inputs});
        shapes.put(name + ".bias", new int[] {outputs});
    }
}
