package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Expr;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Update;
import io.bertfinetune.ort.engine.OrtEngine;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Optimizers written over {@code Expr}, run by the engine. */
class OptimizerOnEngineTest {
    private static final ParameterInfo MATRIX = new ParameterInfo("layer.weight", List.of(4, 3));
    private static final ParameterInfo BIAS = new ParameterInfo("layer.bias", List.of(7));
    private static final ParameterInfo[] WEIGHTS = {
        new ParameterInfo("matrix", List.of(4, 3)), new ParameterInfo("vector", List.of(7))
    };

    @Test
    void adamWEqualsPyTorchOverFiftySteps() {
        JsonObject golden = Golden.json("golden/adamw.json");
        JsonObject gradients = golden.getAsJsonObject("gradients");
        for (JsonElement each : golden.getAsJsonArray("cases")) {
            JsonObject run = each.getAsJsonObject();
            AdamW adamW = new AdamW(
                    run.get("beta1").getAsDouble(),
                    run.get("beta2").getAsDouble(),
                    run.get("epsilon").getAsDouble());
            double rate = run.get("learning_rate").getAsDouble();
            JsonObject after = run.getAsJsonObject("after");
            try (Bench bench = new Bench(adamW, run.get("weight_decay").getAsDouble(), WEIGHTS)) {
                bench.set(name -> golden.getAsJsonObject("initial").getAsJsonArray(name));
                for (int step = 1; step <= 50; step++) {
                    int at = step - 1;
                    bench.setGradient(
                            name -> gradients.getAsJsonArray(name).get(at).getAsJsonArray());
                    bench.update(rate, step);
                    if (after.has(Integer.toString(step))) {
                        bench.assertEqual(after.getAsJsonObject(Integer.toString(step)), 1e-6);
                    }
                }
                assertThat(after.has("50")).isTrue();
            }
        }
    }

    /** Lion (Chen et al., 2023) reads a state twice, so that it cannot be overwritten while it is read. */
    @Test
    void aStateThatIsReadTwiceIsUpdatedAfterBothReads() {
        Optimizer lion = p -> {
            Expr m = p.state("exp_avg");
            Expr g = p.gradient();
            Expr direction = m.times(0.9).plus(g.times(0.1)).sign();
            return Update.of(p.value().minus(p.learningRate().times(direction)))
                    .state("exp_avg", m.times(0.5).plus(g.times(0.5)));
        };
        try (Bench bench = new Bench(lion, 0, MATRIX, BIAS)) {
            bench.fill(1f, 2f);
            bench.update(0.1, 1);
            bench.fillGradient(-0.2f);
            bench.update(0.1, 2);

            // m = 1 after the first step; 0.9 · 1 + 0.1 · (−0.2) > 0, so the sign stays though the gradient turned
            assertThat(bench.value(BIAS)).containsOnly(1f - 0.1f - 0.1f);
        }
    }

    @Test
    void aRuleWithMeansIsBuiltForTheShapeOfTheParameter() {
        Optimizer centred = p -> {
            Expr g = p.gradient();
            return Update.of(p.value().minus(p.learningRate().times(g.minus(g.mean()))));
        };
        try (Bench bench = new Bench(centred, 0, MATRIX, BIAS)) {
            bench.fill(1f, 2f);

            bench.update(0.1, 1);

            assertThat(bench.value(MATRIX)).containsOnly(1f);
        }
    }

    @Test
    void meansAlongAnAxisAndStatesOfTheirOwnShape() {
        Optimizer rows = p -> {
            Expr old = p.state("row", p.info().shape().get(0), 1);
            Expr mean = p.gradient().mean(-1);
            return Update.of(p.value().minus(p.learningRate().times(old.plus(mean))))
                    .state("row", old.plus(mean));
        };
        try (Bench bench = new Bench(rows, 0, MATRIX)) {
            bench.fill(1f, 2f);

            bench.update(0.1, 1);
            bench.update(0.1, 2);

            assertThat(bench.value(MATRIX)).containsOnly(1f - 0.2f - 0.4f);
        }
    }

    @Test
    void parametersThatDoNotDecayKeepTheirValueWithoutGradient() {
        try (Bench bench = new Bench(AdamW.defaults(), 0.1, MATRIX, BIAS)) {
            bench.fill(1f, 0f);

            bench.update(0.5, 1);

            assertThat(bench.value(BIAS)).containsOnly(1f);
            assertThat(bench.value(MATRIX)).containsOnly(1f - 0.05f);
        }
    }

    @Test
    void aStateThatWasNeverReadIsRefused() {
        Optimizer wrong = p -> Update.of(p.value()).state("momentum", p.gradient());

        assertThatThrownBy(() -> new Bench(wrong, 0, MATRIX, BIAS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("names state 'momentum', which was never read");
    }

    /** Parameters with an optimizer. */
    private static final class Bench implements AutoCloseable {
        private final OrtEngine engine = OrtEngine.cpu();
        private final Workers workers = new Workers(2);
        private final List<ParameterInfo> parameters;
        private final ParameterStore values;
        private final ParameterStore gradients;
        private final Updater updater;

        Bench(Optimizer optimizer, double weightDecay, ParameterInfo... parameters) {
            this.parameters = List.of(parameters);
            ParameterStore.Layout layout = new ParameterStore.Layout(this.parameters, Set.of());
            this.values = new ParameterStore(engine, layout);
            this.gradients = new ParameterStore(engine, layout);
            this.updater = new Updater(engine, workers, optimizer, weightDecay, layout, values, gradients);
        }

        void set(Function<String, JsonArray> numbers) {
            write(values, numbers);
        }

        void setGradient(Function<String, JsonArray> numbers) {
            write(gradients, numbers);
        }

        void update(double learningRate, long step) {
            updater.update(learningRate, 1, step);
        }

        void fill(float value, float gradient) {
            fill(values, value);
            fillGradient(gradient);
        }

        void fillGradient(float gradient) {
            fill(gradients, gradient);
        }

        float[] value(ParameterInfo parameter) {
            float[] numbers = new float[(int) parameter.size()];
            values.read(parameter.name(), buffer -> buffer.get(numbers));
            return numbers;
        }

        void assertEqual(JsonObject expected, double tolerance) {
            for (ParameterInfo parameter : parameters) {
                double[] wanted = Golden.numbers(expected.getAsJsonArray(parameter.name()));
                float[] found = value(parameter);
                for (int k = 0; k < wanted.length; k++) {
                    assertThat((double) found[k])
                            .as(parameter.name())
                            .isCloseTo(wanted[k], within(tolerance * Math.max(1, Math.abs(wanted[k]))));
                }
            }
        }

        private void fill(ParameterStore store, float number) {
            parameters.forEach(p -> store.write(p.name(), numbers -> {
                while (numbers.hasRemaining()) {
                    numbers.put(number);
                }
            }));
        }

        private void write(ParameterStore store, Function<String, JsonArray> numbers) {
            for (ParameterInfo parameter : parameters) {
                double[] given = Golden.numbers(numbers.apply(parameter.name()));
                store.write(parameter.name(), buffer -> {
                    for (double number : given) {
                        buffer.put((float) number);
                    }
                });
            }
        }

        @Override
        public void close() {
            updater.close();
            gradients.close();
            values.close();
            workers.close();
        }
    }
}
