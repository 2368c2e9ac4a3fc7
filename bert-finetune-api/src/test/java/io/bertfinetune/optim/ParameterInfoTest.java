package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterInfoTest {
    @ParameterizedTest
    @CsvSource({
        "bert.embeddings.word_embeddings.weight, true, -1, false",
        "bert.embeddings.LayerNorm.weight, true, -1, true",
        "bert.encoder.layer.0.attention.self.query.weight, false, 0, false",
        "bert.encoder.layer.11.output.LayerNorm.bias, false, 11, true",
        "encoder.layer.3.intermediate.dense.bias, false, 3, true",
        "transformer.layer.5.ffn.lin1.weight, false, 5, false",
        "bert.pooler.dense.weight, false, -1, false",
        "classifier.bias, false, -1, true"
    })
    void theNameSaysWhereAParameterBelongs(String name, boolean embedding, int layer, boolean biasOrNorm) {
        ParameterInfo parameter = new ParameterInfo(name, List.of(2));

        assertThat(parameter.isEmbedding()).isEqualTo(embedding);
        assertThat(parameter.layer().orElse(-1)).isEqualTo(layer);
        assertThat(parameter.isBiasOrNorm()).isEqualTo(biasOrNorm);
    }
}
