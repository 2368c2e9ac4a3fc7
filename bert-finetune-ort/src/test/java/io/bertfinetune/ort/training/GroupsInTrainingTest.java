package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Sgd;
import io.bertfinetune.ort.heads.SequenceClassificationHead;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Parameters that are frozen, or learn at a rate of their own, in a model that trains. */
class GroupsInTrainingTest {
    private static final String PARITY = "golden/tiny_bert/parity.safetensors";
    private static final Predicate<ParameterInfo> LOWER =
            p -> p.isEmbedding() || p.layer().orElse(1) < 1;

    @Test
    void gradientsOfWhatTrainsAreAsInFullTraining() {
        try (Golden golden = Golden.open(PARITY);
                Model<Text, String, Classification> model = Models.withoutDropout();
                OrtTrainingSession<Example<Text, String>> session = start(model, frozen(LOWER))) {
            session.forwardBackward(golden.batch(""));

            double squares = 0;
            for (ParameterInfo parameter : trained(model)) {
                float[] expected = golden.floats("grad." + parameter.name());
                squares += Math.pow(Norms.norm(expected), 2);
                assertThat(Norms.distance(session.gradient(parameter.name()), expected))
                        .as(parameter.name())
                        .isLessThanOrEqualTo(1e-4 * Norms.norm(expected) + 1e-6);
            }
            double norm = Math.sqrt(squares);
            assertThat(session.clipGradNorm(Double.POSITIVE_INFINITY)).isCloseTo(norm, within(1e-5 * norm));
        }
    }

    @Test
    void whatIsFrozenKeepsItsValuesAndTheRestLearns() {
        try (Golden golden = Golden.open(PARITY);
                Model<Text, String, Classification> model = Models.withoutDropout();
                OrtTrainingSession<Example<Text, String>> session = start(model, frozen(LOWER))) {
            Map<String, float[]> before = values(model, session);
            Batch<Example<Text, String>> batch = golden.batch("");
            double first = session.forwardBackward(batch).loss();

            for (int step = 0; step < 20; step++) {
                session.step(1e-2);
                session.zeroGrad();
                session.forwardBackward(batch);
            }

            assertThat(session.forwardBackward(batch).loss()).isLessThan(first * 0.5);
            for (ParameterInfo parameter : model.parameters()) {
                boolean same = Arrays.equals(before.get(parameter.name()), session.value(parameter.name()));
                if (!parameter.name().endsWith("attention.self.key.bias")) { // its true gradient is zero
                    assertThat(same).as(parameter.name()).isEqualTo(LOWER.test(parameter));
                }
            }
        }
    }

    @Test
    void severalBatchesAddUpToOne() {
        try (Golden golden = Golden.open(PARITY);
                Model<Text, String, Classification> model = Models.withoutDropout();
                OrtTrainingSession<Example<Text, String>> session = start(model, frozen(LOWER))) {
            session.forwardBackward(golden.batch(""));
            double once = session.clipGradNorm(Double.POSITIVE_INFINITY);

            session.forwardBackward(golden.batch(""));

            assertThat(session.clipGradNorm(Double.POSITIVE_INFINITY)).isCloseTo(once, within(1e-5 * once));
        }
    }

    @Test
    void theWordsCanTrainAlone() {
        String words = "bert.embeddings.word_embeddings.weight";
        try (Golden golden = Golden.open(PARITY);
                Model<Text, String, Classification> model = Models.withoutDropout();
                OrtTrainingSession<Example<Text, String>> session =
                        start(model, frozen(p -> !p.name().equals(words)))) {
            float[] expected = golden.floats("grad." + words);

            session.forwardBackward(golden.batch(""));

            assertThat(Norms.distance(session.gradient(words), expected)).isLessThan(1e-4 * Norms.norm(expected));
        }
    }

    @Test
    void aScaledLearningRateIsAsManyTimesTheStep() {
        ParameterGroups groups = ParameterGroups.standard().layerwiseDecay(0.5).headLearningRate(3);
        try (Golden golden = Golden.open(PARITY);
                Model<Text, String, Classification> model = Models.withoutDropout();
                OrtTrainingSession<Example<Text, String>> session = start(model, groups)) {
            session.forwardBackward(golden.batch(""));
            Map<String, float[]> before = values(model, session);
            Map<String, ParameterGroups.Setting> settings = groups.of(model.parameters());

            session.step(0.1);

            for (ParameterInfo parameter : model.parameters()) {
                double rate = 0.1 * settings.get(parameter.name()).learningRateScale();
                float[] expected = before.get(parameter.name());
                float[] gradient = session.gradient(parameter.name());
                for (int i = 0; i < expected.length; i++) {
                    expected[i] -= (float) (rate * gradient[i]);
                }
                assertThat(Norms.largestDifference(session.value(parameter.name()), expected))
                        .as(parameter.name())
                        .isLessThan(1e-6);
            }
        }
    }

    @Test
    void theBackwardPassGoesNoLowerThanWhatTrains() {
        int forward = nodes(name -> name.equals("classifier.bias"));
        int head = nodes(name -> name.startsWith("classifier"));
        int lastLayer = nodes(name -> !name.contains("embeddings") && !name.contains(".layer.0."));
        int all = nodes(name -> true);

        assertThat(head - forward).isLessThan(5);
        assertThat(lastLayer - forward).isBetween(30, (all - forward) * 2 / 3);
    }

    @Test
    void groupsThatDoNotFitTheModelAreRefusedAndTheModelCanStillTrain() {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            assertThatThrownBy(() -> start(model, frozen(p -> p.layer().orElse(-1) == 99)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("holds for none of");

            start(model, ParameterGroups.standard()).close();
        }
    }

    /** How many nodes are built for a step if these parameters train; none but these can run. */
    private static int nodes(Predicate<String> trains) {
        BertConfig config = BertConfig.builder()
                .vocabSize(7)
                .hiddenSize(8)
                .numHiddenLayers(2)
                .numAttentionHeads(2)
                .intermediateSize(12)
                .maxPositionEmbeddings(6)
                .typeVocabSize(2)
                .build();
        SequenceClassificationHead head = new SequenceClassificationHead(config, List.of("no", "yes"), Map.of());
        StepGraph step = StepGraph.training(config, head, Dropout.off(), StepGraph.Form.ROWS_OF_TABLES, trains, 0);
        return step.program().graph().nodes().size();
    }

    private static ParameterGroups frozen(Predicate<ParameterInfo> which) {
        return ParameterGroups.standard().freeze(which);
    }

    private static List<ParameterInfo> trained(Model<?, ?, ?> model) {
        return model.parameters().stream().filter(LOWER.negate()).toList();
    }

    private static Map<String, float[]> values(Model<?, ?, ?> model, OrtTrainingSession<?> session) {
        return model.parameters().stream().collect(Collectors.toMap(ParameterInfo::name, p -> session.value(p.name())));
    }

    private static OrtTrainingSession<Example<Text, String>> start(
            Model<Text, String, Classification> model, ParameterGroups groups) {
        return (OrtTrainingSession<Example<Text, String>>)
                model.startTraining(SessionOptions.of(Sgd.defaults()).parameterGroups(groups));
    }
}
