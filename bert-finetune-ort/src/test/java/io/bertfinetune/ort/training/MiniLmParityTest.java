package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As {@link TinyBertParityTest}, with the weights of a real pretrained model read from an ONNX export. */
class MiniLmParityTest {
    private static final String GOLDEN = "golden/minilm";
    private static final Path JAR = Path.of("target", "models", "all-minilm-l6-v2.jar");
    private static final List<String> FRESH =
            List.of("bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias");

    private OrtModel<Text, String, Classification> model;

    @BeforeEach
    void open() {
        assumeThat(Files.exists(JAR))
                .as("MiniLM at " + JAR + ", copied there by the Maven build")
                .isTrue();
        Model<Text, String, Classification> loaded = Bert.fromPretrained(JAR).load(SequenceClassification.of("0", "1"));
        model = (OrtModel<Text, String, Classification>) loaded;
    }

    @AfterEach
    void close() {
        if (model != null) {
            model.close();
        }
    }

    @Test
    void lossAndSampledGradientsEqualPyTorch() {
        try (Golden golden = Golden.open(GOLDEN + "/parity.safetensors");
                OrtTrainingSession<Example<Text, String>> session = start(0)) {

            double loss = session.forwardBackward(golden.batch("")).loss();

            assertThat(loss).isCloseTo(golden.floats("loss")[0], within(1e-5));
            double all = golden.floats("total_grad_norm")[0];
            for (ParameterInfo parameter : model.parameters()) {
                String grad = "grad." + parameter.name();
                float[] found = session.gradient(parameter.name());
                double norm = golden.floats(grad + ".norm")[0];
                float[] expected = golden.floats(grad + ".sample");
                float[] sampled = at(found, golden.longs(grad + ".index"));
                double bound = 1e-4 * norm + 1e-7 * all;
                assertThat(Norms.norm(found)).as(grad + " norm").isCloseTo(norm, within(bound));
                assertThat(Norms.distance(sampled, expected)).as(grad).isLessThanOrEqualTo(bound);
            }
        }
    }

    @Test
    void logitsEqualPyTorch() {
        try (Golden golden = Golden.open(GOLDEN + "/parity.safetensors");
                OrtTrainingSession<Example<Text, String>> session = start(0)) {
            float[] logits = golden.floats("logits");

            var predictions = model.evaluate(golden.batch("")).predictions();

            assertThat(session).isNotNull(); // the head is set when training starts
            for (int i = 0; i < predictions.size(); i++) {
                Map<String, Double> p = predictions.get(i).probabilities();
                assertThat(Math.log(p.get("1") / p.get("0")))
                        .isCloseTo((double) logits[2 * i + 1] - logits[2 * i], within(1e-4));
            }
        }
    }

    @Test
    void twentySteps() {
        JsonObject run = Golden.json(GOLDEN + "/run.json");
        double[] losses = Golden.numbers(run.getAsJsonArray("loss"));
        double[] rates = Golden.numbers(run.getAsJsonArray("learning_rate"));
        double decay = run.getAsJsonObject("settings").get("weight_decay").getAsDouble();
        try (Golden golden = Golden.open(GOLDEN + "/run.safetensors");
                OrtTrainingSession<Example<Text, String>> session = start(decay)) {
            for (int step = 0; step < losses.length; step++) {
                double lossSum = 0;
                double items = 0;
                for (int micro = 0; golden.has("step." + step + ".micro." + micro + ".input_ids"); micro++) {
                    Batch<Example<Text, String>> batch = golden.batch("step." + step + ".micro." + micro + ".");
                    lossSum += session.forwardBackward(batch).loss() * batch.size();
                    items += batch.size();
                }
                assertThat(lossSum / items)
                        .as("loss of step %s", step)
                        .isCloseTo(losses[step], within(1e-4 * losses[step]));
                session.clipGradNorm(1.0);
                session.step(rates[step]);
                session.zeroGrad();
            }
            for (ParameterInfo parameter : model.parameters()) {
                String name = "weight." + parameter.name();
                if (!name.endsWith("attention.self.key.bias")) { // its true gradient is zero
                    float[] found = at(session.value(parameter.name()), golden.longs(name + ".index"));
                    assertThat(Norms.largestDifference(found, golden.floats(name + ".sample")))
                            .as(name)
                            .isLessThan(1e-4);
                }
            }
        }
    }

    /** Opens training without dropout, pooler and classifier made by the formula of {@code minilm.py}. */
    private OrtTrainingSession<Example<Text, String>> start(double weightDecay) {
        return start(model, SessionOptions.of(AdamW.defaults()).weightDecay(weightDecay));
    }

    static OrtTrainingSession<Example<Text, String>> start(
            OrtModel<Text, String, Classification> model, SessionOptions options) {
        OrtTrainingSession<Example<Text, String>> session = model.startWithoutDropout(options);
        for (int b = 0; b < FRESH.size(); b++) {
            int phase = b;
            model.values().write(FRESH.get(b), numbers -> {
                for (int i = 0; i < numbers.limit(); i++) {
                    numbers.put(i, (float) (0.05 * Math.sin(0.37 * (i + 1) + phase)));
                }
            });
        }
        return session;
    }

    static float[] at(float[] numbers, long[] places) {
        float[] some = new float[places.length];
        IntStream.range(0, places.length).forEach(i -> some[i] = numbers[(int) places[i]]);
        return some;
    }
}
