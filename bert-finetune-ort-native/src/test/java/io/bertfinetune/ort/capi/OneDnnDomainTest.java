package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.ReferenceInterpreter;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.Bf16Lowering;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators on oneDNN against loops in double precision over the same rounded numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneDnnDomainTest {
    private static final double SUMS = 2e-6; // of the sum of the absolute products, added up in 32 bits
    private static final double ROUNDING = 0x1p-8;

    private CApiEngine engine;
    private OneDnnDomain domain;

    @BeforeAll
    void open() {
        Bf16.assumeThere();
        OperatorDomain.Maker maker = api -> {
            domain = (OneDnnDomain) OneDnnDomain.withThreads(2).make(api);
            return domain;
        };
        engine = CApiEngine.cpu(
                NativeBuild.MICROSOFT, Map.of(Precision.BFLOAT16, new Bf16Lowering()), 2, List.of(maker));
    }

    /** Those are right and very slow. */
    @AfterEach
    void noneOfOneDnnsReferenceLoopsIsUsed() {
        assertThat(domain.lanes().all())
                .allSatisfy(lane -> assertThat(lane.kernels()).noneMatch(kernel -> kernel.startsWith("ref")));
    }

    @AfterAll
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    static Stream<Arguments> products() {
        int[][] sizes = {
            {1, 2, 1}, {2, 2, 2}, {3, 5, 7}, {16, 2, 384}, {17, 384, 33}, {2, 100, 1}, {2, 1100, 300}, {129, 31, 65}
        };
        return Stream.of(sizes)
                .flatMap(size -> IntStream.range(0, 4)
                        .boxed()
                        .flatMap(trans -> Stream.of(Addend.values())
                                .map(addend -> Arguments.of(
                                        size[0], size[1], size[2], (trans & 1) != 0, (trans & 2) != 0, addend))));
    }

    enum Addend {
        NONE(0.5, 1),
        BIAS(1, 1),
        SCALED_BIAS(0.7, 0.7),
        OTHERWISE_SCALED_BIAS(0.7, 2),
        FULL(1, 1),
        SCALED_FULL(0.5, 1);

        private final double alpha;
        private final double beta;

        Addend(double alpha, double beta) {
            this.alpha = alpha;
            this.beta = beta;
        }
    }

    @ParameterizedTest(name = "[{0}, {2}] · [{2}, {1}], transposed {3} {4}, {5}")
    @MethodSource("products")
    void matricesAreMultiplied(int rows, int columns, int inner, boolean transA, boolean transB, Addend addend) {
        Graph graph = new Graph();
        Value a = graph.input("a", DataType.FLOAT, transA ? Shape.of(inner, rows) : Shape.of(rows, inner));
        Value b = graph.input("b", DataType.FLOAT, transB ? Shape.of(columns, inner) : Shape.of(inner, columns));
        Value c = graph.input(
                "c", DataType.FLOAT, addend.name().endsWith("FULL") ? Shape.of(rows, columns) : Shape.of(columns));
        Value y = addend == Addend.NONE
                ? a.gemm(b, transA, transB, addend.alpha)
                : a.gemm(b, c, transA, transB, addend.alpha, addend.beta);
        Map<String, double[]> in = Bf16.random(Map.of(
                "a",
                (long) rows * inner,
                "b",
                (long) inner * columns,
                "c",
                c.shape().size().size(Map.of())));

        double[] found = Bf16.run(engine, Program.of("product", Map.of("y", y)), in, Map.of())
                .get("y");

        // a product with one row or column does the work of a sum, in 32 bits
        boolean sum = rows == 1 || columns == 1;
        double[] left = sum ? in.get("a") : Bf16.round(in.get("a"));
        double[] right = sum ? in.get("b") : Bf16.round(in.get("b"));
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double expected = 0;
                double size = 0;
                for (int k = 0; k < inner; k++) {
                    double product = left[transA ? k * rows + i : i * inner + k]
                            * right[transB ? j * inner + k : k * columns + j];
                    expected += product;
                    size += Math.abs(product);
                }
                expected *= addend.alpha;
                if (addend != Addend.NONE) {
                    expected += addend.beta * in.get("c")[in.get("c").length == columns ? j : i * columns + j];
                }
                assertThat(Math.abs(found[i * columns + j] - expected))
                        .as("[%s, %s]: %s for %s", i, j, found[i * columns + j], expected)
                        .isLessThanOrEqualTo(SUMS * (size + 1));
            }
        }
    }

    static Stream<Arguments> attentions() {
        return Stream.of(
                Arguments.of(1, 1, 1, 2, 2),
                Arguments.of(1, 5, 3, 2, 4),
                Arguments.of(7, 7, 2, 3, 5),
                Arguments.of(1, 50, 3, 12, 32),
                Arguments.of(50, 50, 1, 2, 64),
                Arguments.of(33, 65, 5, 1, 32));
    }

    @ParameterizedTest
    @MethodSource("attentions")
    void headsAreReachedByStride(int to, int from, int batch, int heads, int width) {
        Graph graph = new Graph();
        Value q = graph.input("q", DataType.FLOAT, shape(to, batch, heads, width));
        Value k = graph.input("k", DataType.FLOAT, shape(from, batch, heads, width));
        Value p = graph.input("p", DataType.FLOAT, shape(batch, heads, to, from));
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("scores", q.headScores(k, 0.3));
        outputs.put("mix", p.headMix(k, false, 0.5));
        outputs.put("transposed", p.headMix(q, true, 1));
        Map<String, double[]> in = Bf16.random(Map.of(
                "q", (long) to * batch * heads * width,
                "k", (long) from * batch * heads * width,
                "p", (long) batch * heads * to * from));

        Map<String, double[]> found = Bf16.run(engine, Program.of("heads", outputs), in, Map.of());

        double[] qs = Bf16.round(in.get("q"));
        double[] ks = Bf16.round(in.get("k"));
        double[] ps = Bf16.round(in.get("p"));
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < to; i++) {
                    for (int j = 0; j < from; j++) {
                        double score = 0;
                        for (int w = 0; w < width; w++) {
                            score += qs[((i * batch + b) * heads + h) * width + w]
                                    * ks[((j * batch + b) * heads + h) * width + w];
                        }
                        assertThat(found.get("scores")[((b * heads + h) * to + i) * from + j])
                                .isCloseTo(0.3 * score, org.assertj.core.api.Assertions.within(SUMS * 4 * width));
                    }
                }
                for (int w = 0; w < width; w++) {
                    for (int i = 0; i < to; i++) {
                        double mix = 0;
                        for (int j = 0; j < from; j++) {
                            mix += ps[((b * heads + h) * to + i) * from + j]
                                    * ks[((j * batch + b) * heads + h) * width + w];
                        }
                        assertThat(found.get("mix")[((i * batch + b) * heads + h) * width + w])
                                .isCloseTo(0.5 * mix, org.assertj.core.api.Assertions.within(SUMS * 4 * from));
                    }
                    for (int j = 0; j < from; j++) {
                        double mix = 0;
                        for (int i = 0; i < to; i++) {
                            mix += ps[((b * heads + h) * to + i) * from + j]
                                    * qs[((i * batch + b) * heads + h) * width + w];
                        }
                        assertThat(found.get("transposed")[((j * batch + b) * heads + h) * width + w])
                                .isCloseTo(mix, org.assertj.core.api.Assertions.within(SUMS * 4 * to));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 31, 1000, (1 << 15) - 1, 70_001})
    void numbersAreRoundedToTheNearestEven(long count) {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(2, count));
        Value identity = graph.input("identity", DataType.FLOAT, Shape.of(2, 2));
        Program program = Program.of("rounding", Map.of("y", identity.matMul(x.reshape(Shape.of(2, count)))));
        Map<String, double[]> in = Bf16.random(Map.of("x", 2 * count));
        in.get("x")[0] = 1 + 0x1p-8; // between two
        in.put("identity", new double[] {1, 0, 0, 1});

        double[] found = Bf16.run(engine, program, in, Map.of()).get("y");

        assertThat(found).containsExactly(count == 1 ? in.get("x") : Bf16.round(in.get("x")));
    }

    /** Computed in 32 bits and rounded once: as near to the exact result as the type is, and a little of 32 bits. */
    @ParameterizedTest
    @ValueSource(longs = {1, 31, 1000, (1 << 16) + 1, 150_001})
    void geluAndProductsAreRoundedWhereTheyAreMade(long count) {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(2, count));
        Value dy = graph.input("dy", DataType.FLOAT, Shape.of(2, count));
        Value one = graph.input("one", DataType.FLOAT, Shape.of(2, 2));
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("gelu", one.matMul(x.gelu()));
        outputs.put("gradient", one.matMul(x.geluGradient(dy)));
        outputs.put("product", one.matMul(x.times(dy)));
        Map<String, double[]> in = Bf16.random(Map.of("x", 2 * count, "dy", 2 * count));
        double[] xs = in.get("x");
        for (int i = 0; i < xs.length; i++) {
            xs[i] = (float) (6 * xs[i]);
        }
        in.put("one", new double[] {1, 0, 0, 1});

        Map<String, double[]> found = Bf16.run(engine, Program.of("numbers", outputs), in, Map.of());
        Map<String, double[]> exact = ReferenceInterpreter.run(Program.of("numbers", outputs), in, Map.of());

        exact.forEach((name, numbers) -> {
            for (int i = 0; i < numbers.length; i++) {
                assertThat(found.get(name)[i])
                        .as("%s of %s", name, xs[i])
                        .isCloseTo(
                                numbers[i],
                                org.assertj.core.api.Assertions.within(ROUNDING * Math.abs(numbers[i]) + 1e-6));
            }
        });
    }

    /** What is read by products alone is rounded once, where it is made. */
    @Test
    void aProductThatIsOnlyMultipliedGivesRoundedNumbers() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(6, 8));
        Value w = graph.input("w", DataType.FLOAT, Shape.of(8, 8));
        Value c = graph.input("c", DataType.FLOAT, Shape.of(8));
        Value inner = x.gemm(w, c, false, true, 1, 1);
        Value heads = inner.reshape(shape(3, 2, 2, 4));
        Program program = Program.of(
                "chain",
                Map.of("again", inner.matMul(w), "scores", heads.headScores(heads, 1), "columns", inner.sum(0)));
        Map<String, double[]> in = Bf16.random(Map.of("x", 48L, "w", 64L, "c", 8L));

        Map<String, double[]> found = Bf16.run(engine, program, in, Map.of());

        double[] xs = Bf16.round(in.get("x"));
        double[] ws = Bf16.round(in.get("w"));
        double[] y = new double[48];
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 8; j++) {
                double sum = in.get("c")[j];
                for (int k = 0; k < 8; k++) {
                    sum += xs[i * 8 + k] * ws[j * 8 + k];
                }
                y[i * 8 + j] = Bf16.round(sum);
            }
        }
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 8; j++) {
                double sum = 0;
                for (int k = 0; k < 8; k++) {
                    sum += y[i * 8 + k] * ws[k * 8 + j];
                }
                assertThat(found.get("again")[i * 8 + j])
                        .isCloseTo(sum, org.assertj.core.api.Assertions.within(ROUNDING));
            }
        }
    }

    /** A product of one row is shared among threads by its columns. */
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 300})
    void columnsOfRoundedNumbersAreAddedUp(int width) {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(Dim.named("rows"), Dim.of(8)));
        Value w = graph.input("w", DataType.FLOAT, Shape.of(8, width));
        Value v = graph.input("v", DataType.FLOAT, Shape.of(width, 8));
        Value inner = x.matMul(w);
        Program program = Program.of("sums", Map.of("again", inner.matMul(v), "columns", inner.sum(0)));
        Map<String, double[]> in = Bf16.random(Map.of("x", 70 * 8L, "w", 8L * width, "v", 8L * width));

        double[] sums = Bf16.run(engine, program, in, Map.of("rows", 70L)).get("columns");

        boolean isSum = width == 1; // then it was a sum before, which is not rounded
        double[] xs = isSum ? in.get("x") : Bf16.round(in.get("x"));
        double[] ws = isSum ? in.get("w") : Bf16.round(in.get("w"));
        for (int j = 0; j < width; j++) {
            double sum = 0;
            for (int i = 0; i < 70; i++) {
                double y = 0;
                for (int k = 0; k < 8; k++) {
                    y += xs[i * 8 + k] * ws[k * width + j];
                }
                sum += isSum ? y : Bf16.round(y);
            }
            assertThat(sums[j]).isCloseTo(sum, org.assertj.core.api.Assertions.within(70 * ROUNDING));
        }
    }

    private static Shape shape(long... dims) {
        return Shape.of(dims);
    }
}
