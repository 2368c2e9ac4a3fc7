package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.optim.ParameterGroups.Setting;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ParameterGroupsTest {
    private static final String WORDS = "bert.embeddings.word_embeddings.weight";
    private static final String EMBEDDING_NORM = "bert.embeddings.LayerNorm.weight";
    private static final String LOWER = "bert.encoder.layer.0.output.dense.weight";
    private static final String LOWER_BIAS = "bert.encoder.layer.0.output.dense.bias";
    private static final String UPPER = "bert.encoder.layer.1.output.dense.weight";
    private static final String POOLER = "bert.pooler.dense.weight";
    private static final String HEAD = "classifier.weight";
    private static final List<ParameterInfo> BERT = Stream.of(
                    WORDS, EMBEDDING_NORM, LOWER, LOWER_BIAS, UPPER, POOLER, HEAD)
            .map(name -> new ParameterInfo(name, List.of(2, 2)))
            .toList();

    @Test
    void byDefaultEverythingTrainsAlikeAndMatricesDecay() {
        Map<String, Setting> settings = ParameterGroups.standard().of(BERT);

        assertThat(settings.keySet()).containsExactly(WORDS, EMBEDDING_NORM, LOWER, LOWER_BIAS, UPPER, POOLER, HEAD);
        assertThat(settings.values()).allMatch(setting -> setting.trains() && setting.learningRateScale() == 1);
        assertThat(settings)
                .allSatisfy((name, setting) -> assertThat(setting.decays())
                        .as(name)
                        .isEqualTo(!name.equals(EMBEDDING_NORM) && !name.equals(LOWER_BIAS)));
    }

    @Test
    void whatIsFrozenDoesNotTrain() {
        ParameterGroups groups = ParameterGroups.standard()
                .freeze(p -> p.isEmbedding() || p.layer().orElse(1) < 1);

        assertThat(trained(groups)).containsExactly(UPPER, POOLER, HEAD);
    }

    @Test
    void whatIsFrozenTwiceIsFrozen() {
        ParameterGroups groups = ParameterGroups.standard()
                .freeze(ParameterInfo::isEmbedding)
                .freeze(p -> p.layer().isPresent());

        assertThat(trained(groups)).containsExactly(POOLER, HEAD);
    }

    @Test
    void theHeadIsWhatStandsOnThePooler() {
        ParameterGroups groups = ParameterGroups.standard().headLearningRate(10);

        assertThat(scale(groups, HEAD)).isEqualTo(10);
        assertThat(scale(groups, POOLER)).isEqualTo(1);
        assertThat(scale(groups, UPPER)).isEqualTo(1);
        assertThat(scale(groups, WORDS)).isEqualTo(1);
    }

    @Test
    void eachLayerDownLearnsSlower() {
        ParameterGroups groups = ParameterGroups.standard().layerwiseDecay(0.5);

        assertThat(scale(groups, HEAD)).isEqualTo(1);
        assertThat(scale(groups, POOLER)).isEqualTo(1);
        assertThat(scale(groups, UPPER)).isEqualTo(0.5);
        assertThat(scale(groups, LOWER)).isEqualTo(0.25);
        assertThat(scale(groups, LOWER_BIAS)).isEqualTo(0.25);
        assertThat(scale(groups, WORDS)).isEqualTo(0.125);
        assertThat(scale(groups, EMBEDDING_NORM)).isEqualTo(0.125);
    }

    @Test
    void scalesMultiply() {
        ParameterGroups groups = ParameterGroups.standard()
                .layerwiseDecay(0.5)
                .scaleLearningRate(p -> p.layer().orElse(0) == 1, 3)
                .scaleLearningRate(p -> p.name().startsWith("bert"), 0.1);

        assertThat(scale(groups, UPPER)).isCloseTo(0.15, within(1e-15));
    }

    @Test
    void whatIsExceptedDoesNotDecayAndNothingElseBegins() {
        ParameterGroups groups = ParameterGroups.standard().noWeightDecay(ParameterInfo::isEmbedding);

        assertThat(setting(groups, WORDS).decays()).isFalse();
        assertThat(setting(groups, EMBEDDING_NORM).decays()).isFalse();
        assertThat(setting(groups, LOWER_BIAS).decays()).isFalse();
        assertThat(setting(groups, LOWER).decays()).isTrue();
    }

    @Test
    void groupsDoNotChange() {
        ParameterGroups standard = ParameterGroups.standard();

        standard.freeze(ParameterInfo::isEmbedding).headLearningRate(2);

        assertThat(trained(standard)).hasSize(BERT.size());
        assertThat(standard).isEqualTo(ParameterGroups.standard());
    }

    @Test
    void aConditionThatHoldsForNothingIsAMistake() {
        ParameterGroups groups = ParameterGroups.standard().freeze(p -> p.name().contains("embedings"));

        assertThatThrownBy(() -> groups.of(BERT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("freeze(…) holds for none of 7 parameters")
                .hasMessageContaining(WORDS);
    }

    @Test
    void somethingMustBeLeftToTrain() {
        ParameterGroups groups = ParameterGroups.standard().freeze(p -> true);

        assertThatThrownBy(() -> groups.of(BERT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("all 7 parameters are frozen");
    }

    @Test
    void scalesOutOfRangeAreRefused() {
        ParameterGroups groups = ParameterGroups.standard();

        assertThatThrownBy(() -> groups.headLearningRate(0))
                .hasMessage("ParameterGroups: headLearningRate is 0.0, expected a number above 0");
        assertThatThrownBy(() -> groups.scaleLearningRate(p -> true, Double.NaN))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> groups.layerwiseDecay(1.1)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> groups.layerwiseDecay(0)).hasMessageContaining("0.0");
    }

    @Test
    void equalWordsAreEqualAndShown() {
        ParameterGroups groups = ParameterGroups.standard().layerwiseDecay(0.9).headLearningRate(10);

        assertThat(groups)
                .isEqualTo(ParameterGroups.standard().layerwiseDecay(0.9).headLearningRate(10))
                .hasSameHashCodeAs(
                        ParameterGroups.standard().layerwiseDecay(0.9).headLearningRate(10))
                .isNotEqualTo(ParameterGroups.standard().layerwiseDecay(0.8).headLearningRate(10))
                .hasToString("ParameterGroups[layerwiseDecay(0.9), headLearningRate(10.0)]");
    }

    private static List<String> trained(ParameterGroups groups) {
        return groups.of(BERT).entrySet().stream()
                .filter(each -> each.getValue().trains())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static double scale(ParameterGroups groups, String name) {
        return setting(groups, name).learningRateScale();
    }

    private static Setting setting(ParameterGroups groups, String name) {
        return Objects.requireNonNull(groups.of(BERT).get(name), name);
    }
}
