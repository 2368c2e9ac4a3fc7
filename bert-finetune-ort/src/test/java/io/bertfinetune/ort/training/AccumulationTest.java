package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Update;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Several small batches are one big batch. */
class AccumulationTest {
    private static final List<Example<Text, String>> EXAMPLES = Models.examples(32, "negative", "neutral", "positive");
    private static final Optimizer PLAIN =
            p -> Update.of(p.value().minus(p.learningRate().times(p.gradient())));

    @Test
    void gradientsOfEightTimesFourEqualThoseOfThirtyTwo() {
        assertThatGradientsAreEqual(8);
    }

    @Test
    void aShortLastBatchCountsByItsExamples() {
        assertThatGradientsAreEqual(5); // six of five and one of two
    }

    private static void assertThatGradientsAreEqual(int size) {
        Map<String, float[]> big = gradients(32);
        Map<String, float[]> small = gradients(size);

        double all = Math.sqrt(big.values().stream()
                .mapToDouble(g -> Math.pow(Norms.norm(g), 2))
                .sum());
        assertThat(small)
                .allSatisfy((name, gradient) -> assertThat(Norms.distance(gradient, big.get(name)))
                        .isLessThanOrEqualTo(1e-6 * Norms.norm(big.get(name)) + 1e-7 * all));
    }

    @Test
    void aPlainStepLeavesTheSameWeights() {
        Map<String, float[]> big = weightsAfterOneStep(32);
        Map<String, float[]> small = weightsAfterOneStep(8);

        assertThat(small)
                .allSatisfy((name, weights) -> assertThat(Norms.largestDifference(weights, big.get(name)))
                        .isLessThan(1e-6));
    }

    @Test
    void twentyAdamStepsReachTheSameLoss() {
        double[] big = losses(32);
        double[] small = losses(8);

        for (int i = 0; i < big.length; i++) {
            assertThat(small[i]).as("step %s", i).isCloseTo(big[i], within(1e-5 * Math.abs(big[i])));
        }
        assertThat(big[19]).isLessThan(big[0]);
    }

    private static Map<String, float[]> gradients(int size) {
        try (Model<Text, String, Classification> model = Models.withoutDropout();
                OrtTrainingSession<Example<Text, String>> session = start(model, PLAIN)) {
            pass(model, session, size);
            Map<String, float[]> gradients = new TreeMap<>();
            for (ParameterInfo parameter : model.parameters()) {
                gradients.put(parameter.name(), session.gradient(parameter.name()));
            }
            return gradients;
        }
    }

    private static Map<String, float[]> weightsAfterOneStep(int size) {
        try (Model<Text, String, Classification> model = Models.withoutDropout();
                OrtTrainingSession<Example<Text, String>> session = start(model, PLAIN)) {
            pass(model, session, size);
            session.clipGradNorm(1.0);
            session.step(0.1);
            Map<String, float[]> weights = new TreeMap<>();
            for (ParameterInfo parameter : model.parameters()) {
                weights.put(parameter.name(), session.value(parameter.name()));
            }
            return weights;
        }
    }

    private static double[] losses(int size) {
        try (Model<Text, String, Classification> model = Models.withoutDropout();
                OrtTrainingSession<Example<Text, String>> session = start(model, AdamW.defaults())) {
            double[] losses = new double[20];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = pass(model, session, size);
                session.clipGradNorm(1.0);
                session.step(1e-3);
                session.zeroGrad();
            }
            return losses;
        }
    }

    /** All examples once, in batches of this size; the mean loss. */
    private static double pass(
            Model<Text, String, Classification> model, OrtTrainingSession<Example<Text, String>> session, int size) {
        Collator<Example<Text, String>> collator = model.collator(Padding.LONGEST);
        double sum = 0;
        for (int at = 0; at < EXAMPLES.size(); at += size) {
            List<Example<Text, String>> some = EXAMPLES.subList(at, Math.min(EXAMPLES.size(), at + size));
            sum += session.forwardBackward(collator.collate(some)).loss() * some.size();
        }
        return sum / EXAMPLES.size();
    }

    private static OrtTrainingSession<Example<Text, String>> start(
            Model<Text, String, Classification> model, Optimizer optimizer) {
        return (OrtTrainingSession<Example<Text, String>>) model.startTraining(SessionOptions.of(optimizer));
    }
}
