package io.bertfinetune.ort.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.google.common.collect.ImmutableMap;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every engine must do. An engine's own test extends it and says how to make one. */
public abstract class EngineContract {
    private static final Dim BATCH = Dim.named("batch");
    private static final Dim SEQUENCE = Dim.named("sequence");
    private static final Dim FOUR = Dim.of(4);

    private final Graph graph = new Graph();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Engine engine;

    /** A new engine; the contract closes it. */
    protected abstract Engine engine();

    /** How far a result may be from the reference, as a part of the greatest number beside it: 2e-5 for float32. */
    protected double tolerance() {
        return 2e-5;
    }

    @BeforeEach
    void open() {
        engine = engine();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        engine.close();
    }

    // ---- results ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Op.class)
    void everyOperatorMeansWhatTheReferenceSays(Op op) {
        for (OpSample sample : OpSamples.samplesOf(op)) {
            assertRunsLikeTheReference(sample, sample.program());
        }
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void gradientOfEveryOperatorIsTheReferences(Op op) {
        for (OpSample sample : OpSamples.samplesOf(op)) {
            Map<String, Value> outputs = new LinkedHashMap<>(sample.outputs());
            outputs.put("loss", sample.loss());
            Autodiff.gradients(sample.loss(), sample.differentiable())
                    .forEach((input, gradient) -> outputs.put("gradient of " + input.name(), gradient));

            assertRunsLikeTheReference(sample, Program.of("gradient of " + sample, outputs));
        }
    }

    @Test
    void gradientsOfATwoLayerNetworkAreTheReferences() {
        Program network = network();
        Executable executable = compiled(network);

        assertAgrees(executable, network, networkNumbers(5, 1), Map.of("batch", 5L));
    }

    @Test
    void resultsStayRightOverManyRunsOfChangingSizes() {
        Program network = network();
        Executable executable = compiled(network);
        Random sizes = new Random(3);

        for (int run = 0; run < 200; run++) {
            int batch = 1 + sizes.nextInt(12);
            assertAgrees(executable, network, networkNumbers(batch, run), Map.of("batch", (long) batch));
        }
    }

    @Test
    void maskedScoresGetNoWeight() {
        float masked = -Float.MAX_VALUE;
        Value scores = input("scores", Shape.of(2, 3));

        Map<String, double[]> found = run(
                Program.of("masked", Map.of("p", scores.softmax())),
                Map.of("scores", tensor(new long[] {2, 3}, 1, masked, 1, masked, masked, masked)),
                Map.of("p", List.of(2L, 3L)));

        assertClose("p", found.get("p"), new double[] {0.5, 0, 0.5, 1 / 3.0, 1 / 3.0, 1 / 3.0});
    }

    @Test
    void labelThatIsNoClassIsARowOfZeros() {
        Value labels = graph.input("labels", DataType.INT64, Shape.of(3));

        Map<String, double[]> found = run(
                Program.of("labels", Map.of("rows", labels.oneHot(3))),
                Map.of("labels", keep(Numbers.tensor(engine, DataType.INT64, new long[] {3}, 1, -100, 0))),
                Map.of("rows", List.of(3L, 3L)));

        assertThat(found.get("rows")).containsExactly(0, 1, 0, 0, 0, 0, 1, 0, 0);
    }

    @Test
    void wholeNumbersAreKeptExactly() {
        Value ids = graph.input("ids", DataType.INT64, Shape.of(2));
        double great = Math.pow(2, 52) + 1;

        Map<String, double[]> found = run(
                Program.of("ids", Map.of("turned", ids.reshape(Shape.of(2, 1)).transpose(1, 0))),
                Map.of("ids", keep(Numbers.tensor(engine, DataType.INT64, new long[] {2}, great, -3))),
                Map.of("turned", List.of(1L, 2L)));

        assertThat(found.get("turned")).containsExactly(great, -3);
    }

    @Test
    void oneValueMayBeWantedByTwoNames() {
        Value doubled = input("x", Shape.of(2)).times(2);

        Map<String, double[]> found = run(
                Program.of("twice", Map.of("a", doubled, "b", doubled)),
                Map.of("x", tensor(new long[] {2}, 1, 2)),
                Map.of("a", List.of(2L), "b", List.of(2L)));

        assertThat(found.get("a")).containsExactly(2, 4);
        assertThat(found.get("b")).containsExactly(2, 4);
    }

    @Test
    void inputsAndConstantsMayBeWanted() {
        Value x = input("x", Shape.of(2));
        Value constant = graph.constant(Shape.of(3), 1, 2, 3);

        Map<String, double[]> found = run(
                Program.of("given", Map.of("copy", x, "constant", constant)),
                Map.of("x", tensor(new long[] {2}, 5, 6)),
                Map.of("copy", List.of(2L), "constant", List.of(3L)));

        assertThat(found.get("copy")).containsExactly(5, 6);
        assertThat(found.get("constant")).containsExactly(1, 2, 3);
    }

    @Test
    void onlyInputsThatAreNeededAreAskedFor() {
        Value x = input("x", Shape.of(2));
        Value unused = input("unused", Shape.of(2));
        x.plus(unused);

        Map<String, double[]> found = run(
                Program.of("part", Map.of("y", x.times(3))),
                Map.of("x", tensor(new long[] {2}, 1, 2)),
                Map.of("y", List.of(2L)));

        assertThat(found.get("y")).containsExactly(3, 6);
    }

    @Test
    void twoProgramsRunSideBySide() {
        Value x = input("x", Shape.of(BATCH));
        Executable doubling = compiled(Program.of("doubling", Map.of("y", x.times(2))));
        Executable negating = compiled(Program.of("negating", Map.of("y", x.times(-1))));
        DeviceTensor given = tensor(new long[] {3}, 1, 2, 3);
        DeviceTensor doubled = allocate(3);
        DeviceTensor negated = allocate(3);

        doubling.run(Map.of("x", given), Map.of("y", doubled));
        negating.run(Map.of("x", doubled), Map.of("y", negated));
        doubling.run(Map.of("x", negated), Map.of("y", doubled));

        assertThat(Numbers.read(negated)).containsExactly(-2, -4, -6);
        assertThat(Numbers.read(doubled)).containsExactly(-4, -8, -12);
    }

    @Test
    void runsFromSeveralThreadsAreLikeRunsOneAfterTheOther() throws Exception {
        Program network = network();
        Executable executable = compiled(network);

        inParallel(4, thread -> {
            for (int run = 0; run < 25; run++) {
                int batch = 1 + (thread + run) % 7;
                Map<String, double[]> numbers = networkNumbers(batch, 100 * thread + run);
                assertAgrees(executable, network, numbers, Map.of("batch", (long) batch));
            }
        });
    }

    // ---- overwriting -----------------------------------------------------------------------------------------------

    @Test
    void updatesParametersInPlace() {
        Executable step = compiled(adamW());
        DeviceTensor w = tensor(new long[] {5}, 0.5, -1, 2, 0.1, -0.3);
        DeviceTensor m = allocate(5);
        DeviceTensor v = allocate(5);
        DeviceTensor g = tensor(new long[] {5}, 1, -2, 0.5, 3, -0.1);
        double[] expected = adamW(Numbers.read(w), Numbers.read(g), 6);

        for (int i = 1; i <= 6; i++) {
            step.run(adamWInputs(w, m, v, g, i), Map.of("w2", w, "m2", m, "v2", v));
        }

        assertClose("w", Numbers.read(w), expected);
        assertThat(Numbers.read(g)).containsExactly(1, -2, 0.5, 3, (float) -0.1);
    }

    @Test
    void updatesPiecesOfOneTensorFromSeveralThreads() throws Exception {
        Executable step = keep(engine.compileForPieces(adamW()));
        Random random = new Random(5);
        double[] weights = random.doubles(1000, -1, 1).toArray();
        double[] gradient = random.doubles(1000, -1, 1).toArray();
        DeviceTensor w = tensor(new long[] {1000}, weights);
        DeviceTensor m = allocate(1000);
        DeviceTensor v = allocate(1000);
        DeviceTensor g = tensor(new long[] {1000}, gradient);
        double[] expected = adamW(Numbers.read(w), Numbers.read(g), 3);

        inParallel(4, thread -> {
            for (int i = 1; i <= 3; i++) {
                for (long start = thread * 250L; start < (thread + 1) * 250L; start += 50) {
                    DeviceTensor piece = w.view(start, 50);
                    DeviceTensor pieceM = m.view(start, 50);
                    DeviceTensor pieceV = v.view(start, 50);
                    step.run(
                            adamWInputs(piece, pieceM, pieceV, g.view(start, 50), i),
                            Map.of("w2", piece, "m2", pieceM, "v2", pieceV));
                }
            }
        });

        assertClose("w", Numbers.read(w), expected);
    }

    @Test
    void addsAGradientToWhatIsThere() {
        Value x = input("x", Shape.of(BATCH, Dim.of(3)));
        Value dy = input("dy", Shape.of(BATCH, Dim.of(2)));
        Value sum = input("sum", Shape.of(3, 2));
        Value more = x.gemm(dy, true, false, 1);
        Executable step = compiled(new Program("accumulate", Map.of("sum2", sum.plus(more)), Map.of("sum2", "sum")));
        DeviceTensor total = tensor(new long[] {3, 2}, 1, 2, 3, 4, 5, 6);
        DeviceTensor one = tensor(new long[] {1, 3}, 1, 2, 3);
        DeviceTensor two = tensor(new long[] {1, 2}, 10, 100);

        step.run(Map.of("x", one, "dy", two, "sum", total), Map.of("sum2", total));
        step.run(Map.of("x", one, "dy", two, "sum", total), Map.of("sum2", total));

        assertThat(Numbers.read(total)).containsExactly(21, 202, 43, 404, 65, 606);
    }

    @Test
    void whatMayOverwriteNeedNot() {
        Value w = input("w", Shape.of(2));
        Executable step = compiled(new Program("step", Map.of("w2", w.times(2)), Map.of("w2", "w")));
        DeviceTensor before = tensor(new long[] {2}, 1, 2);
        DeviceTensor after = allocate(2);

        step.run(Map.of("w", before), Map.of("w2", after));

        assertThat(Numbers.read(before)).containsExactly(1, 2);
        assertThat(Numbers.read(after)).containsExactly(2, 4);
    }

    @Test
    void resetIsRefusedWhileTheNormMayStillHaveToBeRead() {
        Value acc = input("acc", Shape.of(2));
        Value norm = acc.times(acc).sum().sqrt();
        Program program =
                new Program("reset", Map.of("norm", norm, "acc2", acc.times(graph.constant(0))), Map.of("acc2", "acc"));

        assertThatThrownBy(() -> compiled(program))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("output acc2")
                .hasMessageContaining("input acc")
                .hasMessageMatching("(?s).*node \\S*Mul.*node \\S*(Mul|ReduceSumSquare).*");
    }

    @Test
    void updateIsRefusedWhileAnotherNodeMayStillHaveToReadTheWeight() {
        Value w = input("w", Shape.of(2));
        Value g = input("g", Shape.of(2));
        Program program = new Program("update", Map.of("z", w.times(10), "w2", w.minus(g)), Map.of("w2", "w"));

        assertThatThrownBy(() -> compiled(program))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("output w2")
                .hasMessageContaining("input w")
                .hasMessageMatching("(?s).*node \\S*Sub.*node \\S*Mul.*");
    }

    @Test
    void overwritingIsRefusedUnlessElementByElement() {
        Value w = input("w", Shape.of(2, 2));
        Program program = new Program("turn", Map.of("w2", w.transpose(1, 0)), Map.of("w2", "w"));

        assertThatThrownBy(() -> compiled(program))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("output w2")
                .hasMessageContaining("input w")
                .hasMessageContaining("Transpose");
    }

    // ---- wrong arguments -------------------------------------------------------------------------------------------

    @Test
    void missingAndUnknownTensorsAreNamed() {
        Executable sum = compiled(sumOfTwo());
        DeviceTensor two = allocate(2, 4);

        assertRefused(
                () -> sum.run(Map.of("a", two, "c", two), Map.of("y", allocate(2, 4))),
                "program sum",
                "input",
                "missing [b]",
                "unknown [c]",
                "expected [a, b]");
        assertRefused(
                () -> sum.run(Map.of("a", two, "b", two), Map.of()),
                "program sum",
                "output",
                "missing [y]",
                "expected [y]");
        assertRefused(
                () -> sum.run(Map.of("a", two, "b", two), Map.of("y", allocate(2, 4), "z", allocate(2, 4))),
                "program sum",
                "output",
                "unknown [z]",
                "expected [y]");
    }

    @Test
    void tensorOfAnotherTypeIsRefused() {
        Executable sum = compiled(sumOfTwo());
        DeviceTensor whole = keep(engine.allocate(DataType.INT64, 2, 4));

        assertRefused(
                () -> sum.run(Map.of("a", allocate(2, 4), "b", whole), Map.of("y", allocate(2, 4))),
                "program sum",
                "input b",
                "INT64[2, 4]",
                "FLOAT[batch, 4]");
    }

    @Test
    void tensorOfAnotherShapeIsRefused() {
        Executable sum = compiled(sumOfTwo());
        DeviceTensor two = allocate(2, 4);

        assertRefused(
                () -> sum.run(Map.of("a", allocate(2, 5), "b", two), Map.of("y", allocate(2, 4))),
                "program sum",
                "input a",
                "FLOAT[2, 5]",
                "FLOAT[batch, 4]");
        assertRefused(
                () -> sum.run(Map.of("a", allocate(8), "b", two), Map.of("y", allocate(2, 4))),
                "program sum",
                "input a",
                "FLOAT[8]",
                "FLOAT[batch, 4]");
        assertRefused(
                () -> sum.run(Map.of("a", two, "b", two), Map.of("y", allocate(4, 2))),
                "program sum",
                "output y",
                "FLOAT[4, 2]",
                "FLOAT[batch, 4]");
    }

    @Test
    void nameOfADimensionHasOneValue() {
        Executable sum = compiled(sumOfTwo());

        assertRefused(
                () -> sum.run(Map.of("a", allocate(2, 4), "b", allocate(3, 4)), Map.of("y", allocate(2, 4))),
                "program sum",
                "FLOAT[3, 4]",
                "FLOAT[batch, 4]",
                "batch 2");
        assertRefused(
                () -> sum.run(Map.of("a", allocate(2, 4), "b", allocate(2, 4)), Map.of("y", allocate(3, 4))),
                "program sum",
                "output y",
                "FLOAT[3, 4]",
                "FLOAT[batch, 4]",
                "batch 2");
    }

    @Test
    void productOfDimensionsIsChecked() {
        Value x = input("x", Shape.of(BATCH, SEQUENCE));
        Executable rows = compiled(Program.of("rows", Map.of("y", x.reshape(Shape.of(BATCH.times(SEQUENCE))))));

        assertRefused(
                () -> rows.run(Map.of("x", allocate(2, 3)), Map.of("y", allocate(5))),
                "program rows",
                "output y",
                "FLOAT[5]",
                "FLOAT[batch·sequence]");
    }

    @Test
    void nothingRunsWhenAnArgumentIsRefused() {
        Executable sum = compiled(sumOfTwo());
        DeviceTensor y = tensor(new long[] {1, 4}, 7, 7, 7, 7);

        assertRefused(() -> sum.run(Map.of("a", allocate(1, 4), "b", allocate(1, 5)), Map.of("y", y)), "input b");

        assertThat(Numbers.read(y)).containsOnly(7);
    }

    @Test
    void outputOverAnInputMustBeDeclared() {
        Executable sum = compiled(sumOfTwo());
        DeviceTensor all = allocate(4, 4);
        DeviceTensor apart = allocate(2, 4);

        assertRefused(
                () -> sum.run(Map.of("a", apart, "b", all.view(0, 2, 4)), Map.of("y", all.view(4, 2, 4))),
                "program sum",
                "output y",
                "input b",
                "share memory");
        assertThatCode(() -> sum.run(Map.of("a", apart, "b", all.view(0, 2, 4)), Map.of("y", all.view(8, 2, 4))))
                .doesNotThrowAnyException();
    }

    @Test
    void declaredOutputCoversItsInputWhollyOrNotAtAll() {
        Value w = input("w", Shape.of(4));
        Executable step = compiled(new Program("step", Map.of("w2", w.times(2)), Map.of("w2", "w")));
        DeviceTensor all = allocate(6);

        assertRefused(
                () -> step.run(Map.of("w", all.view(0, 4)), Map.of("w2", all.view(1, 4))),
                "program step",
                "output w2",
                "input w",
                "share memory");
    }

    @Test
    void twoOutputsMayNotShareMemory() {
        Value x = input("x", Shape.of(2));
        Executable two = compiled(Program.of("two", Map.of("a", x.times(2), "b", x.times(3))));
        DeviceTensor all = allocate(3);

        assertRefused(
                () -> two.run(Map.of("x", allocate(2)), Map.of("a", all.view(0, 2), "b", all.view(1, 2))),
                "program two",
                "output a",
                "output b",
                "share memory");
    }

    @Test
    void tensorOfAnotherEngineIsRefused() {
        Executable sum = compiled(sumOfTwo());
        DeviceTensor strange = new StrangeTensor();

        assertRefused(
                () -> sum.run(Map.of("a", strange, "b", allocate(1, 4)), Map.of("y", allocate(1, 4))),
                "program sum",
                "another engine");
    }

    @Test
    void dimensionThatNoInputHasIsRefused() {
        Value table = input("table", Shape.of(6, 4));

        assertThatThrownBy(() -> compiled(Program.of("lost", Map.of("y", table.rows(0, SEQUENCE)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("program lost")
                .hasMessageContaining("sequence");
    }

    @Test
    void wrongViewsAndShapesAreRefused() {
        DeviceTensor tensor = allocate(2, 3);

        assertRefused(() -> tensor.view(2, 5), "2 to 7", "[2, 3]");
        assertRefused(() -> tensor.view(-1, 2), "-1");
        assertRefused(() -> tensor.view(0, -2, -2), "[-2, -2]");
        assertRefused(() -> engine.allocate(DataType.FLOAT, 2, -3), "[2, -3]");
    }

    // ---- memory ----------------------------------------------------------------------------------------------------

    @Test
    void tensorsBeginAsZerosInNativeOrder() {
        DeviceTensor tensor = allocate(2, 3);

        tensor.write(bytes -> {
            assertThat(bytes.order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(bytes.remaining()).isEqualTo(24);
        });
        tensor.read(bytes -> {
            assertThat(bytes.order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(bytes.remaining()).isEqualTo(24);
        });

        assertThat(Numbers.read(tensor)).hasSize(6).containsOnly(0);
        assertThat(tensor.shape()).containsExactly(2L, 3L);
        assertThat(tensor.size()).isEqualTo(6);
        assertThat(tensor.type()).isEqualTo(DataType.FLOAT);
    }

    @Test
    void whatIsNotWrittenStays() {
        DeviceTensor tensor = tensor(new long[] {3}, 1, 2, 3);

        tensor.write(bytes -> bytes.putFloat(4, 9));

        assertThat(Numbers.read(tensor)).containsExactly(1, 9, 3);
    }

    @Test
    void whatIsReadIsNotWritten() {
        DeviceTensor tensor = tensor(new long[] {3}, 1, 2, 3);

        assertThatThrownBy(() -> tensor.read(bytes -> bytes.putFloat(0, 9)))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThat(Numbers.read(tensor)).containsExactly(1, 2, 3);
    }

    @Test
    void viewsShareMemory() {
        DeviceTensor all = tensor(new long[] {2, 3}, 1, 2, 3, 4, 5, 6);
        DeviceTensor middle = all.view(1, 2, 2);
        DeviceTensor inner = middle.view(2, 1);

        Numbers.write(inner, 40);
        Numbers.write(all, 10, 20);

        assertThat(middle.shape()).containsExactly(2L, 2L);
        assertThat(Numbers.read(middle)).containsExactly(20, 3, 40, 5);
        assertThat(Numbers.read(all)).containsExactly(10, 20, 3, 40, 5, 6);
    }

    @Test
    void viewsAreReadAndWrittenByPrograms() {
        Value x = input("x", Shape.of(BATCH));
        Executable doubling = compiled(Program.of("doubling", Map.of("y", x.times(2))));
        DeviceTensor all = tensor(new long[] {5}, 1, 2, 3, 4, 5);

        doubling.run(Map.of("x", all.view(1, 2)), Map.of("y", all.view(3, 2)));

        assertThat(Numbers.read(all)).containsExactly(1, 2, 3, 4, 6);
    }

    @Test
    void aScalarIsATensorOfOneNumber() {
        DeviceTensor scalar = allocate();

        Numbers.write(scalar, 3);

        assertThat(scalar.shape()).isEmpty();
        assertThat(scalar.size()).isEqualTo(1);
        assertThat(Numbers.read(scalar)).containsExactly(3);
    }

    // ---- closing ---------------------------------------------------------------------------------------------------

    @Test
    void closedTensorIsOfNoUse() {
        Executable sum = compiled(sumOfTwo());
        DeviceTensor closed = engine.allocate(DataType.FLOAT, 2, 4);

        closed.close();
        closed.close();

        assertClosed(() -> Numbers.read(closed));
        assertClosed(() -> Numbers.write(closed, 1));
        assertClosed(() -> closed.view(0, 1));
        assertClosed(() -> sum.run(Map.of("a", closed, "b", allocate(2, 4)), Map.of("y", allocate(2, 4))));
        assertClosed(() -> sum.run(Map.of("a", allocate(2, 4), "b", allocate(2, 4)), Map.of("y", closed)));
    }

    @Test
    void viewEndsWithItsTensor() {
        DeviceTensor tensor = allocate(4);
        DeviceTensor view = tensor.view(0, 2);
        DeviceTensor inner = view.view(0, 1);

        tensor.close();

        assertClosed(() -> Numbers.read(view));
        assertClosed(() -> Numbers.read(inner));
    }

    @Test
    void tensorOutlivesItsView() {
        DeviceTensor tensor = tensor(new long[] {2}, 1, 2);
        DeviceTensor view = tensor.view(0, 1);

        view.close();

        assertClosed(() -> Numbers.read(view));
        assertThat(Numbers.read(tensor)).containsExactly(1, 2);
    }

    @Test
    void closedProgramIsOfNoUse() {
        Executable sum = compiled(sumOfTwo());

        sum.close();
        sum.close();

        assertClosed(() -> sum.run(Map.of("a", allocate(2, 4), "b", allocate(2, 4)), Map.of("y", allocate(2, 4))));
    }

    @Test
    void boundRunReadsWhatIsThereWhenItRuns() {
        DeviceTensor a = tensor(new long[] {1, 4}, 1, 2, 3, 4);
        DeviceTensor y = allocate(1, 4);
        Runnable run = compiled(sumOfTwo()).bind(Map.of("a", a, "b", allocate(1, 4)), Map.of("y", y));

        run.run();
        Numbers.write(a, 5, 6, 7, 8);
        run.run();

        assertThat(Numbers.read(y)).containsExactly(5, 6, 7, 8);
    }

    @Test
    void boundRunOfSomethingClosedIsOfNoUse() {
        Executable sum = compiled(sumOfTwo());
        DeviceTensor closed = allocate(1, 4);
        Map<String, DeviceTensor> rest = Map.of("y", allocate(1, 4));
        Runnable ofTensor = sum.bind(Map.of("a", closed, "b", allocate(1, 4)), rest);
        Runnable ofProgram = sum.bind(Map.of("a", allocate(1, 4), "b", allocate(1, 4)), rest);

        closed.close();
        assertClosed(ofTensor::run);
        sum.close();
        assertClosed(ofProgram::run);
    }

    @Test
    void programsAreIndependentOfEachOther() {
        Executable first = compiled(sumOfTwo());
        Executable second = compiled(sumOfTwo());
        DeviceTensor y = allocate(1, 4);

        first.close();
        second.run(Map.of("a", tensor(new long[] {1, 4}, 1, 2, 3, 4), "b", allocate(1, 4)), Map.of("y", y));

        assertThat(Numbers.read(y)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void engineHasAName() {
        assertThat(engine.name()).isNotBlank();
    }

    // ---- programs --------------------------------------------------------------------------------------------------

    /** a + b, of rows. */
    private Program sumOfTwo() {
        Graph sum = new Graph();
        Value a = sum.input("a", DataType.FLOAT, Shape.of(BATCH, FOUR));
        Value b = sum.input("b", DataType.FLOAT, Shape.of(BATCH, FOUR));
        return Program.of("sum", Map.of("y", a.plus(b)));
    }

    /** A network of two layers, its loss, and the gradient of each parameter. */
    private static Program network() {
        Graph g = new Graph();
        Value x = g.input("x", DataType.FLOAT, Shape.of(BATCH, FOUR));
        Value labels = g.input("labels", DataType.INT64, Shape.of(BATCH));
        List<Value> parameters = Stream.of(
                        g.input("w1", DataType.FLOAT, Shape.of(8, 4)),
                        g.input("b1", DataType.FLOAT, Shape.of(8)),
                        g.input("gain", DataType.FLOAT, Shape.of(8)),
                        g.input("shift", DataType.FLOAT, Shape.of(8)),
                        g.input("w2", DataType.FLOAT, Shape.of(3, 8)),
                        g.input("b2", DataType.FLOAT, Shape.of(3)))
                .toList();
        Value hidden = x.gemm(parameters.get(0), parameters.get(1), false, true, 1, 1)
                .gelu()
                // Rows that differ little would be multiplied by hundreds, and their last digits with them.
                .layerNorm(parameters.get(2), parameters.get(3), 0.01);
        Value logits = hidden.gemm(parameters.get(4), parameters.get(5), false, true, 1, 1);
        Value loss = logits.logSoftmax().times(labels.oneHot(3)).sum().times(-1);
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("loss", loss);
        outputs.put("logits", logits);
        Autodiff.gradients(loss, parameters)
                .forEach((parameter, gradient) -> outputs.put("gradient of " + parameter.name(), gradient));
        return Program.of("network", outputs);
    }

    private static Map<String, double[]> networkNumbers(int batch, long seed) {
        Random random = new Random(seed);
        Map<String, double[]> numbers = new LinkedHashMap<>();
        ImmutableMap.of("x", 4 * batch, "w1", 32, "b1", 8, "gain", 8, "shift", 8, "w2", 24, "b2", 3)
                .forEach((name, count) -> numbers.put(
                        name,
                        IntStream.range(0, count)
                                .mapToDouble(i -> (float) random.nextGaussian())
                                .toArray()));
        numbers.put("labels", random.ints(batch, 0, 3).asDoubleStream().toArray());
        return numbers;
    }

    /** AdamW (Loshchilov and Hutter, 2019) over a stretch of parameters, its three outputs written over its inputs. */
    private static Program adamW() {
        Graph g = new Graph();
        Shape shape = Shape.of(Dim.named("count"));
        Value w = g.input("w", DataType.FLOAT, shape);
        Value m = g.input("m", DataType.FLOAT, shape);
        Value v = g.input("v", DataType.FLOAT, shape);
        Value gradient = g.input("g", DataType.FLOAT, shape);
        Value rate = g.input("rate", DataType.FLOAT, Shape.SCALAR);
        Value correction = g.input("correction", DataType.FLOAT, Shape.of(2));
        Value m2 = m.times(0.9).plus(gradient.times(0.1));
        Value v2 = v.times(0.999).plus(gradient.times(gradient).times(0.001));
        Value step = m2.dividedBy(correction.rows(0, Dim.ONE))
                .dividedBy(v2.dividedBy(correction.rows(1, Dim.ONE)).sqrt().plus(1e-8));
        Value w2 = w.minus(step.plus(w.times(0.01)).times(rate));
        return new Program("adamW", Map.of("w2", w2, "m2", m2, "v2", v2), Map.of("w2", "w", "m2", "m", "v2", "v"));
    }

    private Map<String, DeviceTensor> adamWInputs(
            DeviceTensor w, DeviceTensor m, DeviceTensor v, DeviceTensor g, int step) {
        DeviceTensor rate = Numbers.tensor(engine, DataType.FLOAT, new long[0], 0.1);
        DeviceTensor correction = Numbers.tensor(
                engine, DataType.FLOAT, new long[] {2}, 1 - Math.pow(0.9, step), 1 - Math.pow(0.999, step));
        keep(rate);
        keep(correction);
        return Map.of("w", w, "m", m, "v", v, "g", g, "rate", rate, "correction", correction);
    }

    private static double[] adamW(double[] weights, double[] gradient, int steps) {
        double[] w = weights.clone();
        for (int i = 0; i < w.length; i++) {
            double m = 0;
            double v = 0;
            for (int step = 1; step <= steps; step++) {
                m = 0.9 * m + 0.1 * gradient[i];
                v = 0.999 * v + 0.001 * gradient[i] * gradient[i];
                double update = m / (1 - Math.pow(0.9, step)) / (Math.sqrt(v / (1 - Math.pow(0.999, step))) + 1e-8);
                w[i] -= 0.1 * (update + 0.01 * w[i]);
            }
        }
        return w;
    }

    // ---- words -----------------------------------------------------------------------------------------------------

    private Value input(String name, Shape shape) {
        return graph.input(name, DataType.FLOAT, shape);
    }

    private DeviceTensor allocate(long... shape) {
        return keep(engine.allocate(DataType.FLOAT, shape));
    }

    private DeviceTensor tensor(long[] shape, double... numbers) {
        return keep(Numbers.tensor(engine, DataType.FLOAT, shape, numbers));
    }

    private Executable compiled(Program program) {
        return keep(engine.compile(program));
    }

    private synchronized <T extends AutoCloseable> T keep(T resource) {
        opened.add(0, resource);
        return resource;
    }

    private Map<String, double[]> run(
            Program program, Map<String, DeviceTensor> inputs, Map<String, List<Long>> shapes) {
        Map<String, DeviceTensor> outputs = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> outputs.put(
                name,
                keep(engine.allocate(
                        program.outputs().get(name).type(),
                        shape.stream().mapToLong(Long::longValue).toArray()))));
        compiled(program).run(inputs, outputs);
        Map<String, double[]> found = new LinkedHashMap<>();
        outputs.forEach((name, tensor) -> found.put(name, Numbers.read(tensor)));
        return found;
    }

    private void assertRunsLikeTheReference(OpSample sample, Program program) {
        try (Executable executable = engine.compile(program)) {
            for (int i = 0; i < OpSamples.SIZES.size(); i++) {
                Map<String, Long> sizes = OpSamples.SIZES.get(i);
                assertAgrees(executable, program, sample.numbers(sizes, i), sizes);
            }
        }
    }

    private void assertAgrees(
            Executable executable, Program program, Map<String, double[]> numbers, Map<String, Long> sizes) {
        Map<String, DeviceTensor> inputs = new LinkedHashMap<>();
        Map<String, DeviceTensor> outputs = new LinkedHashMap<>();
        program.inputs()
                .forEach((name, value) -> inputs.put(
                        name, Numbers.tensor(engine, value.type(), value.shape().toArray(sizes), numbers.get(name))));
        program.outputs()
                .forEach((name, value) -> outputs.put(
                        name, engine.allocate(value.type(), value.shape().toArray(sizes))));

        executable.run(inputs, outputs);

        ReferenceInterpreter.run(program, numbers, sizes)
                .forEach((name, expected) -> assertClose(
                        program.name() + " with " + sizes + ": " + name, Numbers.read(outputs.get(name)), expected));
        inputs.forEach((name, tensor) -> assertThat(Numbers.read(tensor))
                .as("%s: input %s is not written", program.name(), name)
                .containsExactly(numbers.get(name)));
        inputs.values().forEach(DeviceTensor::close);
        outputs.values().forEach(DeviceTensor::close);
    }

    private void assertClose(String what, double[] found, double[] expected) {
        double greatest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        double allowed = tolerance() * Math.max(greatest, 0.1);
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(found[i] - expected[i]) <= allowed)) {
                fail("%s: number %s is %s, expected %s, at most %s off", what, i, found[i], expected[i], allowed);
            }
        }
    }

    private static void assertRefused(Runnable call, String... words) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(words);
    }

    private static void assertClosed(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    /** Runs a task on so many threads at once, each told its number. */
    private static void inParallel(int threads, IntConsumer task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Object>> tasks = IntStream.range(0, threads)
                    .mapToObj(thread -> Executors.callable(() -> task.accept(thread)))
                    .toList();
            for (Future<Object> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** A tensor no engine made. */
    private static final class StrangeTensor implements DeviceTensor {
        @Override
        public DataType type() {
            return DataType.FLOAT;
        }

        @Override
        public List<Long> shape() {
            return List.of(1L, 4L);
        }

        @Override
        public void write(Consumer<ByteBuffer> writer) {
            writer.accept(ByteBuffer.allocate(16));
        }

        @Override
        public void read(Consumer<ByteBuffer> reader) {
            reader.accept(ByteBuffer.allocate(16));
        }

        @Override
        public DeviceTensor view(long start, long... shape) {
            return this;
        }

        @Override
        public void close() {}
    }
}
