package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.model.EvalResult;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.StepResult;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Smoothed labels and weighted classes: the numbers of Hugging Face's {@code LabelSmoother} and of PyTorch. */
class LossParityTest {
    private static final String FOLDER = "golden/tiny_bert";
    private static final List<String> LABELS = List.of("negative", "neutral", "positive");
    private static final List<Integer> LABELS_OF_BATCH = List.of(0, 1, 2, 0);

    @Test
    void smoothedLabelsEqualHuggingFace() {
        assertStepEquals("smoothed", false, true);
    }

    @Test
    void weightedClassesEqualPyTorch() {
        assertStepEquals("weighted", true, false);
    }

    @Test
    void bothTogetherEqualPyTorch() {
        assertStepEquals("both", true, true);
    }

    private static void assertStepEquals(String name, boolean weighted, boolean smoothed) {
        try (Golden golden = Golden.open(FOLDER + "/losses.safetensors");
                Model<Text, String, Classification> model = model(weighted ? weights() : Map.of());
                OrtTrainingSession<Example<Text, String>> session = start(model, smoothed ? smoothing() : 0)) {
            StepResult step = session.forwardBackward(batch());

            assertThat(step.loss()).isCloseTo(golden.floats(name + ".loss")[0], within(1e-5));
            double norm = golden.floats(name + ".grad_norm")[0];
            assertThat(session.clipGradNorm(Double.POSITIVE_INFINITY)).isCloseTo(norm, within(1e-5 * norm));
            for (ParameterInfo parameter : model.parameters()) {
                if (golden.has(name + ".grad." + parameter.name())) {
                    float[] expected = golden.floats(name + ".grad." + parameter.name());
                    assertThat(Norms.distance(session.gradient(parameter.name()), expected))
                            .as(parameter.name())
                            .isLessThanOrEqualTo(1e-4 * Norms.norm(expected));
                }
            }
            assertThat(golden.has(name + ".grad.classifier.weight")).isTrue();
        }
    }

    @Test
    void evaluationIsWeightedAndNeverSmoothed() {
        try (Golden golden = Golden.open(FOLDER + "/losses.safetensors");
                Model<Text, String, Classification> model = model(weights());
                OrtTrainingSession<Example<Text, String>> session = start(model, smoothing())) {
            EvalResult<Classification> result = model.evaluate(batch());

            assertThat(result.loss()).isCloseTo(golden.floats("weighted.loss")[0], within(1e-5));
            double items = 0;
            for (int label : LABELS_OF_BATCH) {
                items += golden.floats("class_weights")[label];
            }
            assertThat(result.items()).isCloseTo(items, within(1e-9));
            assertThat(session.forwardBackward(batch()).items()).isEqualTo(result.items());
        }
    }

    /** Two batches whose weights differ are one batch, as PyTorch has the weighted mean of them all. */
    @Test
    void weightedBatchesAddUpToOne() {
        try (Golden golden = Golden.open(FOLDER + "/losses.safetensors");
                Model<Text, String, Classification> model = model(weights());
                OrtTrainingSession<Example<Text, String>> session = start(model, 0)) {
            Batch<Example<Text, String>> all = batch();

            StepResult first = session.forwardBackward(rows(all, 0, 1));
            StepResult rest = session.forwardBackward(rows(all, 1, 4));

            double loss = (first.loss() * first.items() + rest.loss() * rest.items()) / (first.items() + rest.items());
            double norm = golden.floats("weighted.grad_norm")[0];
            assertThat(loss).isCloseTo(golden.floats("weighted.loss")[0], within(1e-5));
            assertThat(session.clipGradNorm(Double.POSITIVE_INFINITY)).isCloseTo(norm, within(1e-5 * norm));
        }
    }

    @Test
    void aWeightForALabelTheSavedModelDoesNotHaveIsRefused() {
        SequenceClassification task = SequenceClassification.saved().classWeights(Map.of("angry", 2.0));

        assertThatThrownBy(() -> Bert.fromPretrained(Golden.path(FOLDER)).load(task))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'angry', expected one of " + LABELS);
    }

    private static Model<Text, String, Classification> model(Map<String, Double> weights) {
        return Bert.fromPretrained(Golden.path(FOLDER))
                .load(SequenceClassification.saved().classWeights(weights));
    }

    private static Map<String, Double> weights() {
        try (Golden golden = Golden.open(FOLDER + "/losses.safetensors")) {
            Map<String, Double> weights = new LinkedHashMap<>();
            for (String label : LABELS) {
                weights.put(label, (double) golden.floats("class_weights")[weights.size()]);
            }
            return weights;
        }
    }

    private static double smoothing() {
        try (Golden golden = Golden.open(FOLDER + "/losses.safetensors")) {
            return golden.floats("label_smoothing_factor")[0];
        }
    }

    private static Batch<Example<Text, String>> batch() {
        try (Golden golden = Golden.open(FOLDER + "/parity.safetensors")) {
            return golden.batch("");
        }
    }

    /** Some examples of a batch. */
    private static Batch<Example<Text, String>> rows(Batch<Example<Text, String>> batch, int from, int to) {
        Map<String, Tensor> tensors = new HashMap<>();
        batch.tensors().forEach((name, tensor) -> {
            int[] shape = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
            int width = shape.length == 1 ? 1 : shape[1];
            long[] some = new long[(to - from) * width];
            tensor.longs().position(from * width).get(some);
            shape[0] = to - from;
            tensors.put(name, Tensor.ofLongs(some, shape));
        });
        return new Batch<>(batch.examples().subList(from, to), tensors);
    }

    private static OrtTrainingSession<Example<Text, String>> start(
            Model<Text, String, Classification> model, double smoothing) {
        return (OrtTrainingSession<Example<Text, String>>)
                model.startTraining(SessionOptions.of(AdamW.defaults()).labelSmoothingFactor(smoothing));
    }
}
