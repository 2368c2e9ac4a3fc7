package io.bertfinetune.ort.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.error.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BertConfigTest {
    private static final String SINGLE = "single_label_classification";

    private static BertConfig parse(String json) {
        return BertConfig.fromJson(json, "config.json");
    }

    /** A configuration with some more keys, written with ' for ". */
    private static BertConfig bertWith(String keys) {
        return parse("{'model_type': 'bert', ".replace('\'', '"') + keys.replace('\'', '"') + "}");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(BertConfigTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void readsWhatTransformersWrites() throws IOException {
        BertConfig config = parse(resource("/tiny_bert/config.json"));

        assertThat(config.vocabSize()).isEqualTo(1124);
        assertThat(config.hiddenSize()).isEqualTo(32);
        assertThat(config.numHiddenLayers()).isEqualTo(5);
        assertThat(config.numAttentionHeads()).isEqualTo(4);
        assertThat(config.intermediateSize()).isEqualTo(37);
        assertThat(config.hiddenAct()).isEqualTo("gelu");
        assertThat(config.maxPositionEmbeddings()).isEqualTo(512);
        assertThat(config.typeVocabSize()).isEqualTo(16);
        assertThat(config.layerNormEps()).isEqualTo(1e-12);
        assertThat(config.hiddenDropoutProb()).isEqualTo(0.1);
        assertThat(config.attentionProbsDropoutProb()).isEqualTo(0.1);
        assertThat(config.classifierDropout()).isEmpty();
        assertThat(config.headDropout()).isEqualTo(0.1);
        assertThat(config.initializerRange()).isEqualTo(0.02);
        assertThat(config.padTokenId()).isZero();
        assertThat(config.id2label()).isEmpty();
        assertThat(config.problemType()).isEmpty();
    }

    @Test
    void whatIsNotSaidIsBertBase() {
        BertConfig config = parse("{\"model_type\": \"bert\"}");

        assertThat(config.vocabSize()).isEqualTo(30522);
        assertThat(config.hiddenSize()).isEqualTo(768);
        assertThat(config.numHiddenLayers()).isEqualTo(12);
        assertThat(config.intermediateSize()).isEqualTo(3072);
    }

    @Test
    void classifierDropoutOfItsOwnWins() {
        assertThat(bertWith("'classifier_dropout': 0.3, 'hidden_dropout_prob': 0.2")
                        .headDropout())
                .isEqualTo(0.3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'vocab_size': 0 | vocab_size is 0, expected 1 to 16777216",
                "'hidden_size': 0 | hidden_size is 0, expected 1 to 65536",
                "'hidden_size': -1 | hidden_size is -1, expected 1 to 65536",
                "'hidden_size': 2147483648 | hidden_size is 2147483648, expected a whole number of 32 bits",
                "'hidden_size': 2147483647 | hidden_size is 2147483647, expected 1 to 65536",
                "'hidden_size': 768.5 | hidden_size is 768.5, expected a whole number of 32 bits",
                "'hidden_size': 1e999999999 | expected a whole number of 32 bits",
                "'hidden_size': '768' | hidden_size is \"768\", expected a whole number",
                "'num_hidden_layers': 2000000000 | num_hidden_layers is 2000000000, expected 1 to 1024",
                "'num_attention_heads': 7 | num_attention_heads 7 does not divide hidden_size 768",
                "'num_attention_heads': 0 | num_attention_heads is 0",
                "'intermediate_size': -5 | intermediate_size is -5",
                "'max_position_embeddings': 0 | max_position_embeddings is 0",
                "'type_vocab_size': 0 | type_vocab_size is 0",
                "'pad_token_id': 30522 | pad_token_id is 30522, expected 0 to 30521",
                "'layer_norm_eps': 0 | layer_norm_eps is 0.0",
                "'hidden_dropout_prob': 1 | hidden_dropout_prob is 1.0, expected 0 or more and below 1",
                "'attention_probs_dropout_prob': -0.1 | attention_probs_dropout_prob is -0.1",
                "'classifier_dropout': 2 | classifier_dropout is 2.0",
                "'initializer_range': -1 | initializer_range is -1.0",
                "'initializer_range': true | initializer_range is true, expected a number",
                "'hidden_act': 'gelu_new' | hidden_act is gelu_new, only gelu is supported",
                "'hidden_act': 5 | hidden_act is 5, expected a string",
                "'position_embedding_type': 'relative_key' | position_embedding_type is relative_key, only absolute",
                "'is_decoder': true | is_decoder is true, only false is supported",
                "'is_decoder': 'no' | expected true or false",
                "'add_cross_attention': true | add_cross_attention is true",
                "'pruned_heads': {'0': [1]} | pruned_heads is",
                "'quantization_config': {'bits': 8} | quantization_config is there",
                "'problem_type': 'guessing' | problem_type is guessing",
                "'hidden_size': 768, 'hidden_size': 384 | key hidden_size is there twice",
                "'hidden_size': NaN | not valid JSON at $",
                "'id2label': ['a'] | id2label is [\"a\"], expected an object",
                "'id2label': {'0': 'a', '2': 'b'} | id2label has the ids [0, 2], expected 0 to 1",
                "'id2label': {'zero': 'a'} | id2label has the id zero",
                "'id2label': {'0': 'a', '1': 'a'} | id2label [a, a] has a label twice",
                "'id2label': {'0': 1} | id2label is 1, expected a string",
                "'id2label': {'0':'a','1':'b'}, 'num_labels': 3 | num_labels is 3, but id2label has 2: [a, b]",
                "'label2id': {'a':0,'b':1}, 'num_labels': 3 | num_labels is 3, but label2id has 2: {a=0, b=1}",
                "'label2id': {'a':0,'b':0} | label2id {a=0, b=0} has an id twice",
                "'num_labels': 0 | num_labels is 0",
                "'id2label': {'0':'a','1':'b'}, 'label2id': {'a':1,'b':0} | label2id {a=1, b=0} is not the inverse of"
                        + " id2label {\"0\":\"a\",\"1\":\"b\"}"
            })
    void mistakesAreNamed(String keys, String message) {
        assertThatThrownBy(() -> bertWith(keys))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("config.json: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | model_type is missing, expected \"bert\"",
                "{\"model_type\": null} | model_type is missing",
                "{\"model_type\": \"roberta\"} | model_type is roberta, only bert is supported",
                "[] | expected a JSON object, found []",
                "{\"model_type\": \"bert\"} x | not valid JSON",
                "{\"model_type\" | not valid JSON",
                "<!DOCTYPE html> | not valid JSON"
            })
    void otherModelsAndOtherTextsAreRefused(String json, String message) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("config.json: ")
                .hasMessageContaining(message);
    }

    @Test
    void deepNestingIsRefusedAndDoesNotOverflow() {
        assertThatThrownBy(() -> bertWith("'x': " + "[".repeat(100_000) + "]".repeat(100_000)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("not valid JSON");
    }

    @Test
    void labelsComeFromWhateverNamesThem() {
        assertThat(bertWith("'id2label': {'1': 'b', '0': 'a'}, 'label2id': {'b': 1, 'a': 0}, 'num_labels': 2")
                        .id2label())
                .containsExactly("a", "b");
        assertThat(bertWith("'label2id': {'b': 1, 'a': 0}").id2label()).containsExactly("a", "b");
        assertThat(bertWith("'num_labels': 2").id2label()).containsExactly("LABEL_0", "LABEL_1");
        assertThat(bertWith("'id2label': null").id2label()).isEmpty();
    }

    @Test
    void writingKeepsUnknownKeysTheirOrderAndNumbersAsTheyWere() throws IOException {
        String source = resource("/tiny_bert/config.json");

        String written = parse(source).toJson(List.of("no", "yes"), SINGLE);

        JsonObject before = JsonParser.parseString(source).getAsJsonObject();
        JsonObject after = JsonParser.parseString(written).getAsJsonObject();
        List<String> expected = before.keySet().stream()
                .map(key -> key.equals("torch_dtype") ? "dtype" : key)
                .toList();
        assertThat(after.keySet()).startsWith(expected.toArray(String[]::new));
        assertThat(after.get("transformers_version")).isEqualTo(before.get("transformers_version"));
        assertThat(after.get("use_cache")).isEqualTo(before.get("use_cache"));
        assertThat(after.get("dtype").getAsString()).isEqualTo("float32");
        assertThat(after.get("architectures").toString()).isEqualTo("[\"BertForSequenceClassification\"]");
        assertThat(after.get("id2label").toString()).isEqualTo("{\"0\":\"no\",\"1\":\"yes\"}");
        assertThat(after.get("label2id").toString()).isEqualTo("{\"no\":0,\"yes\":1}");
        assertThat(after.get("problem_type").getAsString()).isEqualTo(SINGLE);
        assertThat(written).contains("\"layer_norm_eps\": 1e-12,", "\"classifier_dropout\": null,");
    }

    @Test
    void writingReplacesOldLabels() {
        String written = bertWith("'num_labels': 3, 'id2label': {'0':'a','1':'b','2':'c'}, 'x': {'y': [1, 2.50]}")
                .toJson(List.of("größer <5>"), "regression");

        BertConfig again = parse(written);
        assertThat(again.id2label()).containsExactly("größer <5>");
        assertThat(again.problemType()).isEqualTo("regression");
        assertThat(written).doesNotContain("num_labels").contains("2.50").contains("größer <5>");
    }

    @Test
    void aConfigurationOfNoFileIsWrittenWhole() {
        BertConfig config = BertConfig.builder()
                .vocabSize(100)
                .hiddenSize(8)
                .numAttentionHeads(2)
                .numHiddenLayers(1)
                .intermediateSize(16)
                .maxPositionEmbeddings(32)
                .classifierDropout(0.25)
                .build();

        BertConfig again = parse(config.toJson(List.of("a"), SINGLE));

        assertThat(again).hasToString(config.toString());
        assertThat(again.headDropout()).isEqualTo(0.25);
    }

    @Test
    void changedValuesAreWritten() {
        String written = bertWith("'hidden_dropout_prob': 0.10, 'hidden_size': 768").toBuilder()
                .hiddenDropoutProb(0.3)
                .build()
                .toJson(List.of("a"), SINGLE);

        assertThat(parse(written).hiddenDropoutProb()).isEqualTo(0.3);
    }

    @Test
    void aBuilderRefusesToo() {
        assertThatThrownBy(() -> BertConfig.builder().hiddenSize(10).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("num_attention_heads 12 does not divide hidden_size 10");
    }

    @Test
    void writingRefusesNoLabelsEqualLabelsAndUnknownProblems() {
        BertConfig config = BertConfig.builder().build();

        assertThatThrownBy(() -> config.toJson(List.of(), SINGLE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config.toJson(List.of("a", "a"), SINGLE)).hasMessageContaining("has a label twice");
        assertThatThrownBy(() -> config.toJson(List.of("a"), "guessing")).hasMessageContaining("guessing");
    }
}
