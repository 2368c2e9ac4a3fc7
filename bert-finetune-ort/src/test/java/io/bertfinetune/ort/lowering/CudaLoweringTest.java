package io.bertfinetune.ort.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.engine.ReferenceInterpreter;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Products in 16 bits change a result by as much as 16 bits do; the rounding is simulated in plain Java. */
class CudaLoweringTest {
    private static final Program STEP = CpuLoweringTest.step();
    private static final Map<String, Long> SIZES = Map.of("batch", 3L, "sequence", 5L);
    private static final Set<Op> MAY_BE_IN_HALF = Set.of(
            Op.GEMM,
            Op.HEAD_SCORES,
            Op.HEAD_MIX,
            Op.RESHAPE,
            Op.TRANSPOSE,
            Op.SLICE,
            Op.EXPAND,
            Op.MUL,
            Op.GELU,
            Op.CAST);

    static Stream<Arguments> halves() {
        return Stream.of(
                Arguments.of(CudaLowering.in(Precision.BFLOAT16), DataType.BFLOAT16, 0x1p-8),
                Arguments.of(CudaLowering.in(Precision.FLOAT16), DataType.FLOAT16, 0x1p-11),
                Arguments.of(CudaLowering.fusedIn(Precision.BFLOAT16), DataType.BFLOAT16, 0x1p-8),
                Arguments.of(CudaLowering.fusedIn(Precision.FLOAT16), DataType.FLOAT16, 0x1p-11));
    }

    static Stream<CudaLowering> exact() {
        return Stream.of(CudaLowering.in(Precision.FLOAT32), CudaLowering.fusedIn(Precision.FLOAT32));
    }

    @ParameterizedTest
    @MethodSource("halves")
    void gradientOfEveryOperatorIsAsCloseAsTheTypeAllows(CudaLowering lowering, DataType half, double unit) {
        for (Op op : Op.values()) {
            for (OpSample sample : OpSamples.samplesOf(op)) {
                Map<String, Long> sizes = OpSamples.SIZES.get(0);

                assertClose(withGradients(sample), lowering::rewrite, sample.numbers(sizes, 1), sizes, 8 * unit);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("halves")
    void gradientsOfABertAreAsCloseAsTheTypeAllows(CudaLowering lowering, DataType half, double unit) {
        Map<String, double[]> exact = ReferenceInterpreter.run(STEP, numbers(), SIZES);

        Map<String, double[]> found = ReferenceInterpreter.run(lowering.rewrite(STEP), numbers(), SIZES);

        double all = norm(exact.values(), exact.values());
        assertThat(norm(exact.values(), found.values()))
                .isLessThan(4 * unit * all)
                .isGreaterThan(unit * all / 8);
    }

    @ParameterizedTest
    @MethodSource("halves")
    void everyProductIsInTheTypeAndEverySumIsNot(CudaLowering lowering, DataType half, double unit) {
        List<Node> nodes = nodes(lowering);

        assertThat(nodes)
                .filteredOn(node -> node.output().type() == half)
                .allMatch(node -> MAY_BE_IN_HALF.contains(node.op()));
        assertThat(nodes)
                .filteredOn(node -> List.of(Op.HEAD_SCORES, Op.HEAD_MIX).contains(node.op()))
                .hasSize(12)
                .allMatch(node -> node.output().type() == half);
        assertThat(nodes)
                .filteredOn(node -> node.op() == Op.GEMM && node.output().type() != half)
                .as("sums made by products: of columns, of rows, into the few rows of a table")
                .isNotEmpty()
                .allMatch(node -> node.output().shape().dims().stream()
                                .anyMatch(dim -> dim.toString().equals("1"))
                        || node.in(0).producer().orElseThrow().op() == Op.ONE_HOT);
        assertThat(nodes)
                .filteredOn(node -> node.op() == Op.GEMM && node.output().type() == half)
                .as(
                        "forward, and the gradients of input and weight, of six linear layers in each of two and of two more")
                .hasSize(3 * 14);
    }

    @ParameterizedTest
    @MethodSource("halves")
    void parametersAndGradientsStayInThirtyTwoBits(CudaLowering lowering, DataType half, double unit) {
        Program lowered = lowering.rewrite(STEP);

        assertThat(lowered.outputs().values()).allMatch(value -> value.type() == DataType.FLOAT);
        assertThat(lowered.inputs().values()).noneMatch(value -> value.type().isHalf());
    }

    @ParameterizedTest
    @MethodSource("halves")
    void aWeightIsRoundedOnce(CudaLowering lowering, DataType half, double unit) {
        assertThat(nodes(lowering))
                .filteredOn(node -> node.op() == Op.CAST && node.in(0).name().endsWith("intermediate.dense.weight"))
                .as("one for forward and backward, in each of two layers")
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void rowsAreAddedToTablesElementByElementInThirtyTwoBits(Precision precision) {
        List<OnnxNode> nodes =
                CudaLowering.in(precision).lower(rowsIntoATable()).graph().nodes();

        assertThat(nodes)
                .extracting(OnnxNode::opType)
                .containsExactly("ConstantOfShape", "Reshape", "Expand", "Reshape", "ScatterElements");
    }

    @ParameterizedTest
    @MethodSource("exact")
    void withoutAutocastNothingIsRounded(CudaLowering lowering) {
        assertClose(STEP, lowering::rewrite, numbers(), SIZES, 1e-12);
        assertThat(nodes(lowering)).noneMatch(node -> node.output().type().isHalf());
    }

    @ParameterizedTest
    @MethodSource("exact")
    void whatIsDecomposedMeansTheSame(CudaLowering lowering) {
        Map<String, Long> sizes = OpSamples.SIZES.get(0);
        for (Op op : Op.values()) {
            for (OpSample sample : OpSamples.samplesOf(op)) {
                assertClose(withGradients(sample), lowering::rewrite, sample.numbers(sizes, 1), sizes, 1e-12);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void fusedGradientsStandForManyNodes(Precision precision) {
        List<Op> fused = ops(CudaLowering.fusedIn(precision));
        List<Op> plain = ops(CudaLowering.in(precision));

        assertThat(fused)
                .as("two layers: softmax and GELU in each, and a LayerNorm behind the embeddings besides two in each")
                .satisfies(ops ->
                        assertThat(Collections.frequency(ops, Op.SOFTMAX_GRAD)).isEqualTo(2))
                .satisfies(ops ->
                        assertThat(Collections.frequency(ops, Op.GELU_GRAD)).isEqualTo(2))
                .satisfies(ops -> assertThat(Collections.frequency(ops, Op.LAYER_NORM_GRAD))
                        .isEqualTo(5));
        assertThat(plain).doesNotContain(Op.SOFTMAX_GRAD, Op.GELU_GRAD, Op.LAYER_NORM_GRAD, Op.GELU);
        assertThat(fused.size()).isLessThan(plain.size() * 4 / 5);
    }

    private static List<Op> ops(CudaLowering lowering) {
        return nodes(lowering).stream().map(Node::op).toList();
    }

    static Program withGradients(OpSample sample) {
        Map<String, Value> outputs = new LinkedHashMap<>(sample.outputs());
        Autodiff.gradients(sample.loss(), sample.differentiable())
                .forEach((input, gradient) -> outputs.put("gradient of " + input.name(), gradient));
        return Program.of(sample.toString(), outputs);
    }

    private static List<Node> nodes(CudaLowering lowering) {
        Program lowered = lowering.rewrite(STEP);
        return lowered.graph().nodesFor(lowered.outputs().values());
    }

    private static Program rowsIntoATable() {
        Graph graph = new Graph();
        Dim count = Dim.named("count");
        Dim width = Dim.of(4);
        Value rows = graph.input("rows", DataType.FLOAT, Shape.of(count, width));
        Value ids = graph.input("ids", DataType.INT64, Shape.of(count));
        return Program.of("rows", Map.of("table", rows.scatterAdd(ids, Shape.of(100, 4))));
    }

    /** The norm of all numbers together, or if the second are others, of their difference. */
    static double norm(Collection<double[]> first, Collection<double[]> second) {
        double sum = 0;
        Iterator<double[]> others = second.iterator();
        for (double[] numbers : first) {
            double[] other = others.next();
            for (int i = 0; i < numbers.length; i++) {
                sum += Math.pow(numbers == other ? numbers[i] : numbers[i] - other[i], 2);
            }
        }
        return Math.sqrt(sum);
    }

    /** Every output is near the exact one, measured by its greatest number; and one of them is not equal. */
    static void assertClose(
            Program program,
            UnaryOperator<Program> lowering,
            Map<String, double[]> numbers,
            Map<String, Long> sizes,
            double tolerance) {
        Map<String, double[]> exact = ReferenceInterpreter.run(program, numbers, sizes);
        Map<String, double[]> found = ReferenceInterpreter.run(lowering.apply(program), numbers, sizes);

        assertThat(found.keySet()).isEqualTo(exact.keySet());
        exact.forEach((name, expected) -> {
            double greatest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
            for (int i = 0; i < expected.length; i++) {
                assertThat(Math.abs(found.get(name)[i] - expected[i]))
                        .as("%s: %s[%s], %s for %s", program.name(), name, i, found.get(name)[i], expected[i])
                        .isLessThanOrEqualTo(tolerance * Math.max(greatest, 1e-3));
            }
        });
    }

    static Map<String, double[]> numbers() {
        Random random = new Random(7);
        Map<String, double[]> numbers = new LinkedHashMap<>();
        STEP.inputs().forEach((name, input) -> {
            List<Double> drawn = new ArrayList<>();
            long size = input.shape().size().size(SIZES);
            for (int i = 0; i < size; i++) {
                drawn.add((double) (float) draw(name, input, random));
            }
            numbers.put(name, drawn.stream().mapToDouble(Double::doubleValue).toArray());
        });
        return numbers;
    }

    private static double draw(String name, Value input, Random random) {
        if (input.type() == DataType.INT64) {
            return name.equals("attention_mask") ? 1 : random.nextInt(name.equals("input_ids") ? 40 : 2);
        }
        if (name.startsWith("dropout")) {
            return random.nextInt(10) == 0 ? 0 : 1.1;
        }
        return name.endsWith("LayerNorm.weight") ? 1 + 0.1 * random.nextGaussian() : 0.3 * random.nextGaussian();
    }
}
