package io.bertfinetune.ort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.optim.ParameterInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightLoaderTest {
    private static final ParameterInfo WORDS =
            new ParameterInfo("bert.embeddings.word_embeddings.weight", List.of(2, 1));
    private static final ParameterInfo POOLER = new ParameterInfo("bert.pooler.dense.bias", List.of(1));
    private static final ParameterInfo HEAD = new ParameterInfo("classifier.weight", List.of(2, 1));

    private final Map<String, FloatBuffer> targets = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private LoadReport load(Weights weights, ParameterInfo... expected) {
        return WeightLoader.load(
                "bert-base",
                weights,
                List.of(expected),
                (name, numbers) -> numbers.accept(targets.computeIfAbsent(name, n -> FloatBuffer.allocate(2))),
                warnings::add);
    }

    @Test
    void copiesWhatIsThere() {
        MapWeights weights =
                new MapWeights().with(WORDS.name(), List.of(2L, 1L), 1, 2).with(HEAD.name(), List.of(2L, 1L), 3, 4);

        LoadReport report = load(weights, WORDS, HEAD);

        assertThat(targets.get(WORDS.name()).array()).containsExactly(1, 2);
        assertThat(targets.get(HEAD.name()).array()).containsExactly(3, 4);
        assertThat(report).isEqualTo(new LoadReport(List.of(), List.of()));
        assertThat(warnings).isEmpty();
    }

    @Test
    void poolerAndHeadMayBeMissingAndOthersLeftOver() {
        MapWeights weights =
                new MapWeights().with(WORDS.name(), List.of(2L, 1L), 1, 2).with("cls.predictions.bias", List.of(1L), 5);

        LoadReport report = load(weights, WORDS, POOLER, HEAD);

        assertThat(report.missing()).containsExactly(POOLER.name(), HEAD.name());
        assertThat(report.unexpected()).containsExactly("cls.predictions.bias");
        assertThat(targets).containsOnlyKeys(WORDS.name());
    }

    @Test
    void theEncoderMustBeThere() {
        MapWeights weights = new MapWeights().with("roberta.embeddings.word_embeddings.weight", List.of(1L), 1);

        assertThatThrownBy(() -> load(weights, WORDS, POOLER))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("checkpoint bert-base: 1 of the encoder's 1 parameters are missing: "
                        + "bert.embeddings.word_embeddings.weight; it has roberta.embeddings.word_embeddings.weight");
    }

    @Test
    void aHeadOfOtherLabelsIsRefusedBeforeAnythingIsCopied() {
        MapWeights weights =
                new MapWeights().with(WORDS.name(), List.of(2L, 1L), 1, 2).with(HEAD.name(), List.of(3L, 1L), 3, 4, 5);

        assertThatThrownBy(() -> load(weights, WORDS, HEAD))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(
                        "checkpoint bert-base: parameter classifier.weight is [3, 1], this head needs [2, 1]; was it"
                                + " trained with other labels?");
        assertThat(targets).isEmpty();
    }

    @Test
    void anEncoderOfOtherSizeIsRefused() {
        MapWeights weights = new MapWeights().with(WORDS.name(), List.of(1L, 2L), 1, 2);

        assertThatThrownBy(() -> load(weights, WORDS))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("is [1, 2], this model needs [2, 1]");
    }

    @Test
    void brokenNumbersAreCopiedAndNamedInOneWarning() {
        MapWeights weights = new MapWeights()
                .with(WORDS.name(), List.of(2L, 1L), 1, Float.NaN)
                .with(HEAD.name(), List.of(2L, 1L), Float.NEGATIVE_INFINITY, 4);

        load(weights, WORDS, HEAD);

        assertThat(warnings)
                .containsExactly("checkpoint bert-base: NaN or infinite numbers in "
                        + "bert.embeddings.word_embeddings.weight, classifier.weight; losses and predictions will be"
                        + " NaN too");
        assertThat(targets.get(WORDS.name()).array()).containsExactly(1, Float.NaN);
    }
}
