package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Expr;
import io.bertfinetune.optim.GoldenOptimizers;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Sgd;
import io.bertfinetune.optim.Update;
import io.bertfinetune.ort.engine.OrtEngine;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers written over {@code Expr}, run by the engine. */
class OptimizerOnEngineTest {
    private static final ParameterInfo MATRIX = new ParameterInfo("layer.weight", List.of(4, 3));
    private static final ParameterInfo BIAS = new ParameterInfo("layer.bias", List.of(7));

    @ParameterizedTest
    @MethodSource("io.bertfinetune.optim.GoldenOptimizers#cases")
    void fiftyStepsEqualPyTorch(GoldenOptimizers.Case run) {
        ParameterInfo[] parameters = GoldenOptimizers.parameters().toArray(ParameterInfo[]::new);
        try (Bench bench = new Bench(run.build(), run.weight_decay(), parameters)) {
            bench.set(GoldenOptimizers::initial);
            for (int step = 1; step <= 50; step++) {
                int at = step - 1;
                bench.setGradient(name -> GoldenOptimizers.gradients(name).get(at));
                bench.update(run.learning_rate(), step);
                if (run.after().containsKey(step)) {
                    bench.assertEqual(run.after().get(step), 1e-6);
                }
            }
            assertThat(run.after()).containsKey(50);
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
    void rulesThatDifferInAnAxisAloneAreNotTakenForOne() {
        ParameterInfo rows = new ParameterInfo("rows", List.of(2, 2));
        ParameterInfo columns = new ParameterInfo("columns", List.of(2, 2));
        Optimizer either = p -> {
            Expr mean = p.gradient().mean(p.info().name().equals("rows") ? 1 : 0);
            return Update.of(p.value().minus(p.learningRate().times(mean)));
        };
        try (Bench bench = new Bench(either, 0, rows, columns)) {
            bench.setGradient(name -> new double[] {1, 3, 5, 7});

            bench.update(1, 1);

            assertThat(bench.value(rows)).containsExactly(-2f, -2f, -6f, -6f);
            assertThat(bench.value(columns)).containsExactly(-3f, -5f, -3f, -5f);
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

    /** Frozen parameters lie between trained ones, so that values and gradients are shifted against each other. */
    @Test
    void eachParameterIsUpdatedByItsOwnGroup() {
        ParameterInfo[] four = Stream.of("first.weight", "second.weight", "third.weight", "last.weight")
                .map(name -> new ParameterInfo(name, List.of(3, 5)))
                .toArray(ParameterInfo[]::new);
        ParameterGroups groups = ParameterGroups.standard()
                .freeze(p -> p.name().startsWith("second"))
                .scaleLearningRate(p -> p.name().startsWith("third"), 10)
                .noWeightDecay(p -> p.name().startsWith("last"));
        SessionOptions options =
                SessionOptions.of(Sgd.defaults()).weightDecay(0.5).parameterGroups(groups);
        try (Bench bench = new Bench(options, four)) {
            bench.fill(1f, 2f);

            bench.update(0.01, 1);

            assertThat(bench.value(four[0])).containsOnly(1f - 0.01f * 2.5f);
            assertThat(bench.value(four[1])).containsOnly(1f);
            assertThat(bench.value(four[2])).containsOnly(1f - 0.1f * 2.5f);
            assertThat(bench.value(four[3])).containsOnly(1f - 0.01f * 2f);
        }
    }

    @Test
    void whatIsFrozenHasNoOptimizerState() {
        SessionOptions options = SessionOptions.of(AdamW.defaults())
                .parameterGroups(ParameterGroups.standard().freeze(p -> p.equals(MATRIX)));
        try (Bench bench = new Bench(options, MATRIX, BIAS)) {
            bench.fill(1f, 1f);

            bench.update(0.1, 1);

            assertThat(bench.stateNames()).containsOnly("layer.bias");
        }
    }

    @Test
    void aStateThatBecomesTheOldValueOfAnotherIsCopied() {
        Optimizer lookingBack = p -> Update.of(p.value().minus(p.learningRate().times(p.gradient())))
                .state("previous", p.value())
                .state("second", p.state("first"))
                .state("first", p.gradient());
        Optimizer reading = p -> {
            p.state("previous");
            p.state("second");
            return lookingBack.update(p);
        };
        try (Bench bench = new Bench(reading, 0, MATRIX, BIAS)) {
            bench.fill(1f, 2f);
            bench.update(0.25, 1);

            assertThat(bench.state(MATRIX, "previous")).containsOnly(1f);
            assertThat(bench.state(MATRIX, "first")).containsOnly(2f);
            assertThat(bench.state(MATRIX, "second")).containsOnly(0f);

            bench.fillGradient(4f);
            bench.update(0.25, 2);

            assertThat(bench.value(BIAS)).containsOnly(1f - 0.5f - 1f);
            assertThat(bench.state(BIAS, "previous")).containsOnly(0.5f);
            assertThat(bench.state(BIAS, "first")).containsOnly(4f);
            assertThat(bench.state(BIAS, "second")).containsOnly(2f);
        }
    }

    @Test
    void twoStatesMayChangePlaces() {
        Optimizer swapping = p -> {
            Expr a = p.state("a");
            Expr b = p.state("b");
            return Update.of(p.value().minus(a))
                    .state("a", b.plus(p.gradient()))
                    .state("b", a);
        };
        try (Bench bench = new Bench(swapping, 0, MATRIX)) {
            bench.fill(1f, 2f);
            for (int step = 1; step <= 3; step++) {
                bench.update(1, step);
            }

            assertThat(bench.value(MATRIX)).containsOnly(1f - 0f - 2f - 2f);
            assertThat(bench.state(MATRIX, "a")).containsOnly(4f);
            assertThat(bench.state(MATRIX, "b")).containsOnly(2f);
        }
    }

    @Test
    void anExpressionMayBeTheNewValueAndANewState() {
        Optimizer both = p -> {
            p.state("copy");
            Expr next = p.value().minus(p.learningRate().times(p.gradient()));
            return Update.of(next).state("copy", next);
        };
        try (Bench bench = new Bench(both, 0, MATRIX, BIAS)) {
            bench.fill(1f, 2f);

            bench.update(0.25, 1);

            assertThat(bench.value(MATRIX)).containsOnly(0.5f);
            assertThat(bench.state(MATRIX, "copy")).containsOnly(0.5f);
        }
    }

    @Test
    void aFormulaThatChangesNothingIsLeftOut() {
        ParameterInfo[] three = Stream.of("first.weight", "kept.weight", "last.weight")
                .map(name -> new ParameterInfo(name, List.of(3, 5)))
                .toArray(ParameterInfo[]::new);
        Optimizer choosy = p -> Update.of(
                p.info().equals(three[1])
                        ? p.value()
                        : p.value().minus(p.learningRate().times(p.gradient())));
        try (Bench bench = new Bench(choosy, 0, three)) {
            bench.fill(1f, 2f);

            bench.update(0.25, 1);

            assertThat(bench.value(three[0])).containsOnly(0.5f);
            assertThat(bench.value(three[1])).containsOnly(1f);
            assertThat(bench.value(three[2])).containsOnly(0.5f);
        }
    }

    @Test
    void aStateThatWasNeverReadIsRefused() {
        Optimizer wrong = p -> Update.of(p.value()).state("momentum", p.gradient());

        assertThatThrownBy(() -> new Bench(wrong, 0, MATRIX, BIAS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("names state 'momentum', which was never read");
    }

    static Stream<Optimizer> restingOptimizers() {
        return Stream.of(AdamW.defaults(), Sgd.defaults(), new Sgd(0.9, true));
    }

    /** Rows come to be touched one after the other, until most are and the table is updated as a whole. */
    @ParameterizedTest
    @MethodSource("restingOptimizers")
    void aTableOfWhichRowsAreLeftOutHasTheSameNumbers(Optimizer optimizer) {
        ParameterInfo table = new ParameterInfo("table.weight", List.of(2_000, 48));
        SessionOptions options = SessionOptions.of(optimizer);
        BitSet touched = new BitSet();
        Random random = new Random(5);
        double[] initial = random.doubles(table.size(), -1, 1).toArray();
        try (Bench some = new Bench(options, Map.of("table.weight", touched), table);
                Bench all = new Bench(options, table)) {
            Stream.of(some, all).forEach(bench -> bench.set(name -> initial));
            for (int step = 1; step <= 12; step++) {
                touched.clear();
                double[] gradient = new double[initial.length];
                for (int i = 0; i < 150 * step; i++) {
                    int row = random.nextInt(2_000);
                    touched.set(row);
                    gradient[row * 48 + random.nextInt(48)] = random.nextGaussian();
                }
                for (Bench bench : List.of(some, all)) {
                    bench.setGradient(name -> gradient);
                    bench.update(0.01, step);
                }

                assertThat(some.value(table)).containsExactly(all.value(table));
                all.states()
                        .forEach((name, state) -> assertThat(some.states())
                                .hasEntrySatisfying(
                                        name, other -> assertThat(other).containsExactly(state)));
            }
        }
    }

    @Test
    void rowsThatNeverHadAGradientAreNotLookedAt() {
        ParameterInfo table = new ParameterInfo("table.weight", List.of(4, 2));
        BitSet touched = new BitSet();
        touched.set(2);
        try (Bench bench =
                new Bench(SessionOptions.of(AdamW.defaults()), Map.of("table.weight", touched), BIAS, table)) {
            bench.fill(1f, 2f);

            bench.update(0.1, 1);
            touched.clear();
            bench.update(0.1, 2);

            float moved = bench.value(table)[4];
            assertThat(moved).isCloseTo(0.8f, within(1e-6f));
            assertThat(bench.value(table)).containsExactly(1, 1, 1, 1, moved, moved, 1, 1);
        }
    }

    @Test
    void rowsWhoseStatesWereReadFromAFileAreUpdated() {
        ParameterInfo table = new ParameterInfo("table.weight", List.of(4, 2));
        try (Bench bench =
                new Bench(SessionOptions.of(AdamW.defaults()), Map.of("table.weight", new BitSet()), BIAS, table)) {
            bench.fill(1f, 0f);
            bench.updater
                    .states()
                    .get("table.weight.exp_avg")
                    .write(bytes -> bytes.asFloatBuffer().put(3, 1f));
            bench.updater
                    .states()
                    .get("table.weight.exp_avg_sq")
                    .write(bytes -> bytes.asFloatBuffer().put(3, 1f));
            bench.updater.statesRead();

            bench.update(0.1, 2);

            assertThat(bench.value(table)).contains(1, org.assertj.core.data.Index.atIndex(2));
            assertThat(bench.value(table)[3]).isLessThan(0.99f);
        }
    }

    /** Weight decay shrinks every row, whether it has a gradient or not. */
    @Test
    void aTableThatDecaysIsUpdatedAsAWhole() {
        ParameterInfo table = new ParameterInfo("table.weight", List.of(4, 2));
        try (Bench bench = new Bench(
                SessionOptions.of(AdamW.defaults()).weightDecay(0.1),
                Map.of("table.weight", new BitSet()),
                BIAS,
                table)) {
            bench.fill(1f, 0f);

            bench.update(0.5, 1);

            assertThat(bench.value(table)).containsOnly(1f - 0.05f);
        }
    }

    /** Parameters with an optimizer. */
    private static final class Bench implements AutoCloseable {
        private final OrtEngine engine = OrtEngine.cpu();
        private final Workers workers = new Workers(2);
        private final List<ParameterInfo> parameters;
        private final List<ParameterInfo> trained;
        private final ParameterStore values;
        private final ParameterStore gradients;
        private final Updater updater;

        Bench(Optimizer optimizer, double weightDecay, ParameterInfo... parameters) {
            this(SessionOptions.of(optimizer).weightDecay(weightDecay), parameters);
        }

        Bench(SessionOptions options, ParameterInfo... parameters) {
            this(options, Map.of(), parameters);
        }

        Bench(SessionOptions options, Map<String, BitSet> touched, ParameterInfo... parameters) {
            this.parameters = List.of(parameters);
            ParameterStore.Layout layout = new ParameterStore.Layout(this.parameters, touched.keySet());
            Map<String, ParameterGroups.Setting> settings =
                    options.parameterGroups().of(this.parameters);
            this.trained = this.parameters.stream()
                    .filter(p -> settings.get(p.name()).trains())
                    .toList();
            this.values = new ParameterStore(engine, layout);
            this.gradients = new ParameterStore(engine, layout.only(trained::contains));
            this.updater = new Updater(engine, workers, options, values, gradients, touched);
        }

        void set(Function<String, double[]> numbers) {
            write(parameters, values, numbers);
        }

        void setGradient(Function<String, double[]> numbers) {
            write(trained, gradients, numbers);
        }

        void update(double learningRate, long step) {
            updater.update(learningRate, 1, step);
        }

        /** The names of the parameters that have states. */
        List<String> stateNames() {
            return updater.stores().values().stream()
                    .flatMap(state -> state.names().stream())
                    .distinct()
                    .toList();
        }

        void fill(float value, float gradient) {
            fill(parameters, values, value);
            fillGradient(gradient);
        }

        void fillGradient(float gradient) {
            fill(trained, gradients, gradient);
        }

        float[] value(ParameterInfo parameter) {
            float[] numbers = new float[(int) parameter.size()];
            values.read(parameter.name(), buffer -> buffer.get(numbers));
            return numbers;
        }

        float[] state(ParameterInfo parameter, String name) {
            float[] numbers = new float[(int) parameter.size()];
            updater.states()
                    .get(parameter.name() + "." + name)
                    .read(bytes -> bytes.asFloatBuffer().get(numbers));
            return numbers;
        }

        Map<String, float[]> states() {
            Map<String, float[]> numbers = new java.util.TreeMap<>();
            updater.states()
                    .forEach((name, state) -> state.read(bytes -> {
                        float[] read = new float[(int) state.size()];
                        bytes.asFloatBuffer().get(read);
                        numbers.put(name, read);
                    }));
            return numbers;
        }

        void assertEqual(Map<String, double[]> expected, double tolerance) {
            for (ParameterInfo parameter : parameters) {
                double[] wanted = expected.get(parameter.name());
                float[] found = value(parameter);
                for (int k = 0; k < wanted.length; k++) {
                    assertThat((double) found[k])
                            .as(parameter.name())
                            .isCloseTo(wanted[k], within(tolerance * Math.max(1, Math.abs(wanted[k]))));
                }
            }
        }

        private static void fill(List<ParameterInfo> some, ParameterStore store, float number) {
            some.forEach(p -> store.write(p.name(), numbers -> {
                while (numbers.hasRemaining()) {
                    numbers.put(number);
                }
            }));
        }

        private static void write(List<ParameterInfo> some, ParameterStore store, Function<String, double[]> numbers) {
            for (ParameterInfo parameter : some) {
                double[] given = numbers.apply(parameter.name());
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
