package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.ReferenceInterpreter;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.CpuLowering;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What oneDNN computes when a model is trained in float32, against double precision. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneDnnFloatTest {
    private CApiEngine engine;
    private OneDnnDomain domain;

    @BeforeAll
    void open() {
        assumeThat(OneDnn.isInstalled())
                .as("oneDNN is on the class path and for this platform")
                .isTrue();
        OperatorDomain.Maker maker = api -> {
            domain = (OneDnnDomain) OneDnnDomain.withThreads(2).make(api);
            return domain;
        };
        engine = CApiEngine.cpu(
                NativeBuild.MICROSOFT, Map.of(Precision.FLOAT32, CpuLowering.withOwnOperators()), 2, List.of(maker));
    }

    /** Those are right and very slow. */
    @AfterEach
    void oneDnnComputesAndNotByItsReferenceLoops() {
        assertThat(domain.lanes().all())
                .isNotEmpty()
                .allSatisfy(
                        lane -> assertThat(lane.kernels()).isNotEmpty().noneMatch(kernel -> kernel.startsWith("ref")));
    }

    @AfterAll
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 2", "3, 5, 7", "2, 384, 16", "33, 17, 384", "300, 2, 1100", "65, 129, 31"})
    void gradientsOfWeightsAreProductsWithTheFirstTransposed(int rows, int columns, int inner) {
        Graph graph = new Graph();
        Value a = graph.input("a", DataType.FLOAT, Shape.of(inner, rows));
        Value b = graph.input("b", DataType.FLOAT, Shape.of(inner, columns));
        Program program = Program.of("product", Map.of("y", a.gemm(b, true, false, 0.5)));
        Map<String, double[]> in = Bf16.random(Map.of("a", (long) inner * rows, "b", (long) inner * columns));

        double[] found = run(program, in).get("y");

        double[] expected = ReferenceInterpreter.run(program, in, Map.of()).get("y");
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-6 * inner));
        }
    }

    /** The sizes are those at which numbers are parted among threads and pieces. */
    @ParameterizedTest
    @ValueSource(longs = {1, 31, 1000, (1 << 16) + 1, 300_001})
    void geluAndItsGradient(long count) {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(count));
        Value dy = graph.input("dy", DataType.FLOAT, Shape.of(count));
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("gelu", x.gelu());
        outputs.put("gradient", x.geluGradient(dy));
        Program program = Program.of("gelu", outputs);
        Map<String, double[]> in = Bf16.random(Map.of("x", count, "dy", count));
        for (int i = 0; i < count; i++) {
            in.get("x")[i] = (float) (6 * in.get("x")[i]);
        }

        Map<String, double[]> found = run(program, in);

        ReferenceInterpreter.run(program, in, Map.of()).forEach((name, numbers) -> {
            for (int i = 0; i < count; i++) {
                assertThat(found.get(name)[i])
                        .as("%s of %s", name, in.get("x")[i])
                        .isCloseTo(numbers[i], within(2e-6));
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 7", "8, 384", "17, 384", "300, 33", "1000, 64"})
    void layerNormAndItsGradients(int rows, int width) {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(rows, width));
        Value dy = graph.input("dy", DataType.FLOAT, Shape.of(rows, width));
        Value weight = graph.input("weight", DataType.FLOAT, Shape.of(width));
        Value bias = graph.input("bias", DataType.FLOAT, Shape.of(width));
        Value y = x.layerNorm(weight, bias, 1e-2);
        List<Value> gradients = y.layerNormGradients(dy);
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("y", y);
        outputs.put("dx", gradients.get(0));
        outputs.put("dWeight", gradients.get(1));
        outputs.put("dBias", gradients.get(2));
        Program program = Program.of("norm", outputs);
        long all = (long) rows * width;
        Map<String, double[]> in =
                Bf16.random(Map.of("x", all, "dy", all, "weight", (long) width, "bias", (long) width));

        Map<String, double[]> found = run(program, in);

        ReferenceInterpreter.run(program, in, Map.of()).forEach((name, numbers) -> {
            double tolerance = name.startsWith("d") && numbers.length == width ? 1e-6 * rows : 1e-5;
            for (int i = 0; i < numbers.length; i++) {
                assertThat(found.get(name)[i])
                        .as("%s [%s]", name, i)
                        .isCloseTo(numbers[i], within(Math.max(tolerance, 4e-6)));
            }
        });
    }

    /** Two runs give the same bits, whichever thread is first. */
    @RepeatedTest(5)
    void sumsOverRowsAreTheSameInEveryRun() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(1000, 8));
        Value weight = graph.input("weight", DataType.FLOAT, Shape.of(8));
        Value y = x.layerNorm(weight, weight, 1e-12);
        Program program = Program.of("norm", Map.of("d", y.layerNormGradients(x).get(1)));
        Map<String, double[]> in = Bf16.random(Map.of("x", 8000L, "weight", 8L));

        assertThat(run(program, in).get("d")).containsExactly(run(program, in).get("d"));
    }

    private Map<String, double[]> run(Program program, Map<String, double[]> in) {
        try (Executable executable = engine.compile(program)) {
            return Bf16.run(engine, executable, program, in, Map.of());
        }
    }
}
