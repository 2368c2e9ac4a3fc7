package io.bertfinetune.benchmarks;

import com.google.gson.TypeAdapter;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The sizes of a BERT.
 *
 * @param key its name on a command line
 * @param title what people call it
 * @param layers how many layers it has
 * @param hidden how many numbers stand for a token
 * @param heads how many attention heads a layer has
 * @param intermediate how wide the feed-forward part is
 * @param vocabulary how many tokens it knows
 * @param positions the most tokens it reads
 */
@JsonAdapter(BertSize.ByKey.class)
record BertSize(
        String key, String title, int layers, int hidden, int heads, int intermediate, int vocabulary, int positions) {
    /** For trying things out. */
    static final BertSize TINY = new BertSize("tiny", "tiny", 2, 32, 2, 64, 200, 128);
    /** all-MiniLM-L6-v2. */
    static final BertSize MINILM = new BertSize("minilm", "MiniLM-L6", 6, 384, 12, 1536, 30522, 512);
    /** bert-base-uncased. */
    static final BertSize BASE = new BertSize("base", "BERT-base", 12, 768, 12, 3072, 30522, 512);
    /** bert-large-uncased. */
    static final BertSize LARGE = new BertSize("large", "BERT-large", 24, 1024, 16, 4096, 30522, 512);

    private static final List<BertSize> ALL = List.of(TINY, MINILM, BASE, LARGE);
    private static final int LABELS = 2;
    private static final int TOKEN_TYPES = 2;

    /** The size of this name; {@code minilm/12} is MiniLM with 12 layers. */
    static BertSize of(String name) {
        String[] parts = name.split("/", 2);
        BertSize found = ALL.stream()
                .filter(size -> size.key.equals(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("model is '" + name + "', expected one of "
                        + ALL.stream().map(BertSize::key).collect(Collectors.joining(", "))));
        try {
            return parts.length == 1 ? found : found.withLayers(Integer.parseInt(parts[1]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("model is '" + name + "', expected a number of layers after the /", e);
        }
    }

    /** The same with this many layers. */
    BertSize withLayers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("layers is " + count + ", expected 1 or more");
        }
        String plain = key.split("/", 2)[0];
        return new BertSize(
                plain + "/" + count,
                title + " of " + count + " layers",
                count,
                hidden,
                heads,
                intermediate,
                vocabulary,
                positions);
    }

    /** Whether a training process of it takes gigabytes, so that few fit side by side. */
    boolean isBig() {
        return hidden >= BASE.hidden;
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

    /** Written as its key. */
    static final class ByKey extends TypeAdapter<BertSize> {
        @Override
        public void write(JsonWriter out, BertSize size) throws IOException {
            out.value(size.key());
        }

        @Override
        public BertSize read(JsonReader in) throws IOException {
            return BertSize.of(in.nextString());
        }
    }
}
