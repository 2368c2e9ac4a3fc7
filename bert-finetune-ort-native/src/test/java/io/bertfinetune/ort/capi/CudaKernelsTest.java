package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.CudaLowering;
import io.bertfinetune.ort.lowering.Lowering;
import io.bertfinetune.ort.onnx.Attribute;
import io.bertfinetune.ort.onnx.ElementType;
import io.bertfinetune.ort.onnx.OnnxDimension;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import io.bertfinetune.ort.onnx.OnnxValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is lowered has kernels, and what has none is told by name before a session is made. */
class CudaKernelsTest {
    private static final Path DATA_SET = Path.of("..", "..", "shared", "data", "ort_cuda_kernels", "probe.tsv");

    static Stream<Arguments> lowerings() {
        return Stream.of(CudaNatives.values())
                .flatMap(natives -> lowerings(natives).map(lowering -> Arguments.of(natives, lowering)));
    }

    /** Every lowering a build may be used with: fused kernels are in one alone. */
    private static Stream<Lowering> lowerings(CudaNatives natives) {
        Stream<Lowering> plain = Stream.of(Precision.values()).map(CudaLowering::in);
        return natives == CudaNatives.BYTEDECO
                ? Stream.concat(plain, Stream.of(Precision.values()).map(CudaLowering::fusedIn))
                : plain;
    }

    @ParameterizedTest
    @MethodSource("lowerings")
    void everyOperatorAndItsGradientHaveKernels(CudaNatives natives, Lowering lowering) {
        CudaKernels kernels = CudaKernels.of(natives);

        for (Op op : Op.values()) {
            for (OpSample sample : OpSamples.samplesOf(op)) {
                Map<String, Value> outputs = new LinkedHashMap<>(sample.outputs());
                Autodiff.gradients(sample.loss(), sample.differentiable())
                        .forEach((input, gradient) -> outputs.put("gradient of " + input.name(), gradient));
                OnnxModel model = lowering.lower(Program.of(sample.toString(), outputs));

                assertThatCode(() -> kernels.check(model)).as(sample.toString()).doesNotThrowAnyException();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CudaNatives.class)
    void aNodeWithoutAKernelIsNamedWithItsOperatorAndType(CudaNatives natives) {
        assertThatThrownBy(() -> CudaKernels.of(natives).check(oneNode("Log", ElementType.BFLOAT16, Map.of())))
                .isInstanceOf(EngineException.class)
                .hasMessage("program loss: node the node, operator Log on bf16, opset 18, is not computed by CUDA with "
                        + natives.artifact() + ": it has no kernel");
    }

    @Test
    void aKernelThatComputesSomethingElseIsNoKernel() {
        assertRefused("ScatterElements", ElementType.BFLOAT16, "its kernel takes the type for another one");
    }

    @Test
    void aKernelThatRefusesItsTypeIsNoKernel() {
        assertRefused("ScatterND", ElementType.BFLOAT16, "its kernel refuses the type");
    }

    @Test
    void whatFallsBackToTheProcessorIsRefused() {
        assertRefused("Mean", ElementType.FLOAT, "it would run on the processor");
    }

    @Test
    void whatWasNeverTriedIsRefused() {
        assertRefused("Einsum", ElementType.FLOAT, "it was never tried");
    }

    @Test
    void kernelsForTrainingAreInOneBuildAlone() {
        CudaKernels.Row gradient = new CudaKernels.Row("LayerNormalizationGrad", "ms1", "f32");

        assertThat(CudaKernels.of(CudaNatives.BYTEDECO).verdicts()).containsEntry(gradient, "ran");
        assertThat(CudaKernels.of(CudaNatives.MICROSOFT).verdicts()).containsEntry(gradient, "absent");
    }

    @ParameterizedTest
    @EnumSource(CudaNatives.class)
    void anOperatorOfAnotherVersionWasNeverTried(CudaNatives natives) {
        OnnxModel model = oneNode("Softmax", ElementType.FLOAT, Map.of());
        OnnxModel newer = new OnnxModel(model.graph(), model.irVersion(), Map.of("", 21));

        assertThatCode(() -> CudaKernels.of(natives).check(model)).doesNotThrowAnyException();
        assertThatThrownBy(() -> CudaKernels.of(natives).check(newer))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "program loss: node the node, operator Softmax on f32, opset 21, is not computed by CUDA with "
                                + natives.artifact() + ": it was never tried");
    }

    @ParameterizedTest
    @EnumSource(CudaNatives.class)
    void theTableSaysWhatTheDataSetSays(CudaNatives natives) throws IOException {
        assumeTrue(Files.exists(DATA_SET), "no " + DATA_SET + ", the data set the table was made from");
        Map<CudaKernels.Row, String> table = CudaKernels.of(natives).verdicts();

        for (String line : Files.readAllLines(DATA_SET).stream().skip(1).toList()) {
            String[] cells = line.split("\t", -1);
            String placed = cells[natives == CudaNatives.BYTEDECO ? 2 : 4];
            String expected = placed.equals("cuda") ? cells[natives == CudaNatives.BYTEDECO ? 3 : 5] : placed;

            assertThat(table.get(row(cells[0], cells[1], table)))
                    .as("%s on %s, %s in the data set", cells[0], cells[1], expected)
                    .satisfies(verdict -> assertThat(
                                    verdict.equals(expected) || isKnownBetter(cells[0], cells[1], verdict))
                            .isTrue());
        }
    }

    /** The name of a case ends in the version if it is not 18. */
    private static CudaKernels.Row row(String name, String type, Map<CudaKernels.Row, String> table) {
        if (name.endsWith("20")) {
            return new CudaKernels.Row(name.substring(0, name.length() - 2), "20", type);
        }
        CudaKernels.Row own = new CudaKernels.Row(name, "ms1", type);
        return table.containsKey(own) ? own : new CudaKernels.Row(name, "18", type);
    }

    /** Where the data set itself says that its table is not to be believed. */
    private static boolean isKnownBetter(String name, String type, String verdict) {
        return name.equals("ScatterElements_add") && type.equals("bf16") && verdict.equals("wrong")
                || name.equals("IsAllFinite") && verdict.equals("absent");
    }

    private static void assertRefused(String operator, int type, String reason) {
        Map<String, Attribute> attributes =
                operator.startsWith("Scatter") ? Map.of("reduction", new Attribute.Text("add")) : Map.of();

        assertThatThrownBy(() -> CudaKernels.of(CudaNatives.MICROSOFT).check(oneNode(operator, type, attributes)))
                .isInstanceOf(EngineException.class)
                .hasMessageEndingWith(reason);
    }

    private static OnnxModel oneNode(String operator, int type, Map<String, Attribute> attributes) {
        List<OnnxDimension> four = List.of(OnnxDimension.of(4));
        return new OnnxModel(
                new OnnxGraph(
                        "loss",
                        List.of(new OnnxNode("the node", operator, "", List.of("x"), List.of("y"), attributes)),
                        List.of(new OnnxValueInfo("x", type, four)),
                        List.of(new OnnxValueInfo("y", type, four)),
                        List.of()),
                9,
                Map.of("", 18));
    }
}
