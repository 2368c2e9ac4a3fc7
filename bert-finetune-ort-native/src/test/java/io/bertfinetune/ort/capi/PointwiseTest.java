package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.Pointer;
import io.bertfinetune.optim.Adafactor;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Sgd;
import io.bertfinetune.ort.capi.OneDnnPieces.Join;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.Numbers;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.training.Updates;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Formulas that work number by number: which are planned, and that they compute what ONNX Runtime computes. */
class PointwiseTest {
    private final Graph graph = new Graph();
    private final Value x = row("x");
    private final Value y = row("y");
    private final Value number = graph.input("number", DataType.FLOAT, Shape.SCALAR);

    private Value row(String name) {
        return graph.input(name, DataType.FLOAT, Shape.of(Dim.named("count")));
    }

    // ---- what is planned -------------------------------------------------------------------------------------------

    @Test
    void adamWIsSixWalks() {
        PointwisePlan plan = PointwisePlan.of(Updates.of(AdamW.defaults(), 0)).orElseThrow();

        assertThat(plan.steps())
                .extracting(PointwisePlan.Step::join)
                .containsExactlyInAnyOrder(
                        Join.SUM, Join.PRODUCT, Join.SUM, Join.ROOT_AND_NUMBER, Join.QUOTIENT, Join.DIFFERENCE);
        assertThat(plan.between()).isEqualTo(2);
        assertThat(plan.rows()).hasSize(4 + 3);
    }

    @Test
    void weightDecayIsOneMore() {
        assertThat(PointwisePlan.of(Updates.of(AdamW.defaults(), 0.01))
                        .orElseThrow()
                        .steps())
                .hasSize(7);
    }

    /** What is overwritten is read as the first operand: oneDNN promises no other order. */
    @Test
    void whatIsOverwrittenComesFirst() {
        Program sum = new Program("sum", Map.of("s", y.times(y).times(number).plus(x)), Map.of("s", "x"));

        assertThat(PointwisePlan.of(sum).orElseThrow().steps().get(1)).satisfies(step -> {
            assertThat(step.a()).isEqualTo(new PointwisePlan.Operand(0, 0));
            assertThat(step.b().factor()).isPositive();
        });
    }

    static Stream<Program> others() {
        PointwiseTest of = new PointwiseTest();
        Value x = of.x;
        Value y = of.y;
        Value sum = x.plus(y);
        Value scaled = x.times(of.number);
        Value other = of.graph.input("other", DataType.FLOAT, Shape.of(Dim.named("more")));
        Value matrix = of.graph.input("matrix", DataType.FLOAT, Shape.of(Dim.named("count"), Dim.of(2)));
        return Stream.of(
                Program.of("one walk gains nothing", Map.of("a", sum)),
                Program.of("greater of two", Map.of("a", sum.max(y).plus(x))),
                Program.of("an input", Map.of("a", sum.times(y), "b", x)),
                Program.of("a row times a number", Map.of("a", sum.times(y).times(of.number))),
                Program.of(
                        "twice times a number",
                        Map.of("a", sum.times(of.number).times(2).plus(y).times(x))),
                Program.of("root alone", Map.of("a", sum.times(y).sqrt())),
                Program.of(
                        "root of a product",
                        Map.of("a", x.times(of.number).sqrt().plus(1).times(y))),
                Program.of("root times a row", Map.of("a", sum.sqrt().times(y))),
                Program.of("a number added", Map.of("a", sum.plus(of.number).times(y))),
                Program.of(
                        "divided by a number",
                        Map.of("a", sum.dividedBy(of.number).times(y))),
                new Program("second overwritten", Map.of("a", sum.times(y).minus(x)), Map.of("a", "x")),
                new Program(
                        "read after it was overwritten",
                        Map.of("a", scaled.minus(y), "b", y.plus(scaled)),
                        Map.of("a", "x")),
                Program.of(
                        "two lengths",
                        Map.of("a", sum.times(y), "b", other.times(other).plus(other))),
                Program.of("matrix", Map.of("a", matrix.times(matrix).plus(matrix))),
                Updates.of(Adafactor.defaults(), 0));
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatIsNotAFormulaOfWalksIsLeftToOnnxRuntime(Program program) {
        assertThat(PointwisePlan.of(program)).isEmpty();
    }

    // ---- what is computed ------------------------------------------------------------------------------------------

    static Stream<Program> formulas() {
        PointwiseTest of = new PointwiseTest();
        return Stream.of(
                Updates.of(AdamW.defaults(), 0),
                Updates.of(AdamW.defaults(), 0.01),
                Updates.of(new Sgd(0.9, true), 0),
                Program.of(
                        "others",
                        Map.of(
                                "a",
                                of.x.minus(of.y.times(of.number)).dividedBy(of.y.times(3)),
                                "b",
                                of.x.times(of.x)
                                        .times(of.number.sqrt().dividedBy(of.number))
                                        .plus(of.x))));
    }

    @ParameterizedTest
    @MethodSource("formulas")
    void computesToTheBitWhatOnnxRuntimeComputes(Program program) {
        assumeOneDnn();
        assertThat(PointwisePlan.of(program)).isPresent();
        try (Engine plain = CApiEngine.cpu(NativeBuild.MICROSOFT);
                Engine withOneDnn = CApiEngine.cpuWithOneDnn(NativeBuild.MICROSOFT, 2)) {
            for (int count : new int[] {1, 1000, 70_001}) {
                Map<String, double[]> expected = results(plain, program, count);

                assertThat(results(withOneDnn, program, count))
                        .allSatisfy((name, numbers) ->
                                assertThat(numbers).as(name + " of " + count).containsExactly(expected.get(name)));
                assertThat(expected.values())
                        .allSatisfy(numbers -> assertThat(numbers).doesNotContain(Double.NaN));
            }
        }
    }

    /** Three runs, each on what the one before wrote. */
    private static Map<String, double[]> results(Engine engine, Program program, int count) {
        Random random = new Random(4);
        Map<String, DeviceTensor> in = new LinkedHashMap<>();
        Map<String, DeviceTensor> out = new LinkedHashMap<>();
        program.inputs().forEach((name, input) -> {
            long[] shape = input.shape().toArray(Map.of("count", (long) count));
            double[] numbers =
                    random.doubles(shape.length == 0 ? 1 : count, 0.01, 2).toArray();
            in.put(name, Numbers.tensor(engine, DataType.FLOAT, shape, numbers));
        });
        program.outputs().forEach((name, output) -> {
            String overwritten = program.overwrites().get(name);
            out.put(name, overwritten == null ? engine.allocate(DataType.FLOAT, count) : in.get(overwritten));
        });
        try (Executable executable = engine.compileForPieces(program)) {
            Runnable run = executable.bind(in, out);
            for (int i = 0; i < 3; i++) {
                run.run();
            }
            Map<String, double[]> results = new LinkedHashMap<>();
            out.forEach((name, tensor) -> results.put(name, Numbers.read(tensor)));
            return results;
        } finally {
            in.values().forEach(DeviceTensor::close);
            out.values().forEach(DeviceTensor::close);
        }
    }

    /** Its reference loops take fifty times as long. */
    @Test
    void noWalkIsLeftToReferenceLoops() throws Exception {
        assumeOneDnn();
        try (OneDnnLanes lanes = new OneDnnLanes()) {
            lanes.use(lane -> {
                for (Join join : Join.values()) {
                    joined(lane, join, 2.25f, 4f, 8);
                }
            });

            assertThat(lanes.all())
                    .singleElement()
                    .satisfies(lane -> assertThat(lane.kernels())
                            .isNotEmpty()
                            .allSatisfy(kernel -> assertThat(kernel).startsWith("jit")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUM 13.5", "DIFFERENCE -4.5", "PRODUCT 40.5", "QUOTIENT 0.5", "ROOT_AND_NUMBER 3.5"})
    void joins(String row) throws Exception {
        assumeOneDnn();
        Join join = Join.valueOf(row.split(" ")[0]);
        try (OneDnnLanes lanes = new OneDnnLanes()) {
            lanes.use(lane ->
                    assertThat(joined(lane, join, 2.25f, 4.5f, 16)).containsOnly(Float.parseFloat(row.split(" ")[1])));
        }
    }

    /** Of {@code 2a} and {@code 2b}; of a and 2, if it is a root. */
    private static float[] joined(OneDnnLane lane, Join join, float a, float b, int count)
            throws OneDnn.OneDnnException {
        long rows = lane.rows(3, count);
        Pointer memory = new Pointer(rows);
        for (int i = 0; i < count; i++) {
            memory.setFloat((long) i * Float.BYTES, a);
            memory.setFloat((long) (count + i) * Float.BYTES, b);
        }
        long bytes = (long) count * Float.BYTES;
        if (join == Join.ROOT_AND_NUMBER) {
            lane.pieces().rootAnd(rows, 2, rows + 2 * bytes, count);
        } else {
            lane.pieces()
                    .join(
                            join,
                            new OneDnnPieces.Factored(rows, 2),
                            new OneDnnPieces.Factored(rows + bytes, 2),
                            rows + 2 * bytes,
                            count);
        }
        return memory.getFloatArray(2 * bytes, count);
    }

    private static void assumeOneDnn() {
        assumeThat(OneDnn.isInstalled())
                .as("oneDNN is on the class path and for this platform")
                .isTrue();
    }
}
