package io.bertfinetune.ort.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.ort.engine.ReferenceInterpreter;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Products of bfloat16 change a result by as much as bfloat16 does; the rounding is simulated in plain Java. */
class Bf16LoweringTest {
    private static final Program STEP = CpuLoweringTest.step();
    private static final Map<String, Long> SIZES = Map.of("batch", 3L, "sequence", 5L);
    private static final double UNIT = 0x1p-8;
    private static final Bf16Lowering LOWERING = new Bf16Lowering();

    @Test
    void gradientOfEveryOperatorIsAsCloseAsTheTypeAllows() {
        for (Op op : Op.values()) {
            for (OpSample sample : OpSamples.samplesOf(op)) {
                Map<String, Long> sizes = OpSamples.SIZES.get(0);

                CudaLoweringTest.assertClose(
                        CudaLoweringTest.withGradients(sample),
                        LOWERING::rewrite,
                        sample.numbers(sizes, 1),
                        sizes,
                        8 * UNIT);
            }
        }
    }

    @Test
    void gradientsOfABertAreAsCloseAsTheTypeAllows() {
        Map<String, double[]> numbers = CudaLoweringTest.numbers();
        Map<String, double[]> exact = ReferenceInterpreter.run(STEP, numbers, SIZES);

        Map<String, double[]> found = ReferenceInterpreter.run(LOWERING.rewrite(STEP), numbers, SIZES);

        double all = CudaLoweringTest.norm(exact.values(), exact.values());
        assertThat(CudaLoweringTest.norm(exact.values(), found.values()))
                .isLessThan(4 * UNIT * all)
                .isGreaterThan(UNIT * all / 8);
    }

    @Test
    void everyProductReadsRoundedNumbers() {
        assertThat(nodes())
                .filteredOn(node -> Set.of(Op.HEAD_SCORES, Op.HEAD_MIX).contains(node.op()))
                .hasSize(12)
                .allMatch(node -> node.inputs().stream().allMatch(in -> in.type() == DataType.BFLOAT16));
        assertThat(nodes())
                .filteredOn(node -> node.op() == Op.GEMM && node.in(0).type() == DataType.BFLOAT16)
                .filteredOn(node -> node.output().shape().dims().stream()
                        .noneMatch(dim -> dim.toString().equals("1")))
                .as(
                        "forward, and the gradients of input and weight, of six linear layers in each of two and of two more")
                .hasSize(3 * 14);
    }

    @Test
    void nothingElseDoes() {
        assertThat(nodes())
                .filteredOn(node -> node.inputs().stream().anyMatch(in -> in.type() == DataType.BFLOAT16))
                .extracting(Node::op)
                .containsOnly(Op.GEMM, Op.HEAD_SCORES, Op.HEAD_MIX, Op.RESHAPE);
    }

    @Test
    void queriesKeysAndValuesAreRoundedWhereTheyAreMade() {
        assertThat(nodes())
                .filteredOn(node -> node.op() == Op.GEMM && node.output().type() == DataType.BFLOAT16)
                .as("forward, in each of two layers")
                .hasSize(2 * 3);
        assertThat(nodes())
                .filteredOn(node -> node.op() == Op.HEAD_MIX && node.output().type() == DataType.BFLOAT16)
                .as("their gradients")
                .hasSize(2 * 3);
    }

    /** GELU and its gradient, and the products with masks, are read by products alone. */
    @Test
    void whatOnlyProductsReadIsRoundedWhereItIsMade() {
        assertThat(nodes())
                .filteredOn(node -> node.output().type() == DataType.BFLOAT16)
                .filteredOn(node ->
                        !Set.of(Op.GEMM, Op.HEAD_MIX, Op.RESHAPE, Op.CAST).contains(node.op()))
                .extracting(Node::op)
                .as("in each of two layers GELU, its gradient, probabilities, scores' gradient and the gradients"
                        + " behind two masks; and of what the classifier reads")
                .containsOnly(Op.GELU, Op.GELU_GRAD, Op.MUL)
                .hasSize(2 * 6 + 1);
    }

    @Test
    void geluThatOthersReadTooIsComputedInThirtyTwoBits() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(2, 4));
        Value y = x.gelu();
        Program program =
                Program.of("gelu", Map.of("y", y, "z", y.matMul(graph.input("w", DataType.FLOAT, Shape.of(4, 4)))));

        Program lowered = LOWERING.rewrite(program);

        assertThat(lowered.graph().nodesFor(lowered.outputs().values()))
                .extracting(Node::op)
                .contains(Op.ERF)
                .doesNotContain(Op.GELU);
    }

    @Test
    void aWeightIsRoundedOnce() {
        assertThat(nodes())
                .filteredOn(node -> node.op() == Op.CAST && node.in(0).name().endsWith("intermediate.dense.weight"))
                .as("one for forward and backward, in each of two layers")
                .hasSize(2);
    }

    @Test
    void parametersAndGradientsStayInThirtyTwoBits() {
        Program lowered = LOWERING.rewrite(STEP);

        assertThat(lowered.outputs().values()).allMatch(value -> value.type() == DataType.FLOAT);
        assertThat(lowered.inputs().values()).noneMatch(value -> value.type().isHalf());
    }

    @Test
    void productsAreOperatorsOfOurOwn() {
        OnnxModel model = LOWERING.lower(STEP);

        assertThat(model.opsets()).containsKey(OwnOperator.DOMAIN);
        assertThat(model.graph().nodes()).extracting(OnnxNode::opType).doesNotContain("FusedMatMul");
        assertThat(model.graph().nodes())
                .filteredOn(node -> node.domain().equals(OwnOperator.DOMAIN))
                .extracting(OnnxNode::opType)
                .contains(
                        "Round",
                        "Gemm",
                        "GemmRounded",
                        "HeadScores",
                        "HeadMix",
                        "HeadMixRounded",
                        "Times",
                        "GeluRounded",
                        "GeluGradientRounded");
    }

    private static List<Node> nodes() {
        Program lowered = LOWERING.rewrite(STEP);
        return lowered.graph().nodesFor(lowered.outputs().values());
    }
}
