package io.bertfinetune.ort.weights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightNamesTest {
    @ParameterizedTest
    @CsvSource({
        "bert.embeddings.LayerNorm.gamma, bert.embeddings.LayerNorm.weight",
        "bert.embeddings.LayerNorm.beta, bert.embeddings.LayerNorm.bias",
        "embeddings.word_embeddings.weight, bert.embeddings.word_embeddings.weight",
        "encoder.layer.0.output.LayerNorm.beta, bert.encoder.layer.0.output.LayerNorm.bias",
        "pooler.dense.bias, bert.pooler.dense.bias",
        "bert.encoder.layer.0.output.dense.weight, bert.encoder.layer.0.output.dense.weight",
        "classifier.weight, classifier.weight",
        "cls.predictions.bias, cls.predictions.bias"
    })
    void namesAreThoseOfTheClassifier(String inFile, String here) {
        assertThat(WeightNames.normalise(inFile)).contains(here);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embeddings.position_ids", "bert.embeddings.position_ids"})
    void positionsAreNoParameter(String name) {
        assertThat(WeightNames.normalise(name)).isEmpty();
    }

    @Test
    void parametersOfAGraphAreKnownByTheirEnd() {
        assertThat(WeightNames.isParameter("encoder.layer.0.output.dense.bias")).isTrue();
        assertThat(WeightNames.isParameter("encoder.layer.0.output.LayerNorm.gamma"))
                .isTrue();
        assertThat(WeightNames.isParameter("onnx::MatMul_787")).isFalse();
        assertThat(WeightNames.isParameter("/embeddings/LayerNorm/Constant_output_0"))
                .isFalse();
    }
}
