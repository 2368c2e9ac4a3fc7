package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.CpuLowering;
import io.bertfinetune.ort.lowering.CudaLowering;
import io.bertfinetune.ort.lowering.Lowering;
import io.bertfinetune.ort.onnx.Attribute;
import io.bertfinetune.ort.onnx.ElementType;
import io.bertfinetune.ort.onnx.OnnxDimension;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import io.bertfinetune.ort.onnx.OnnxValueInfo;
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
    static Stream<Arguments> lowerings() {
        return Stream.of(CudaNatives.values())
                .flatMap(natives -> Stream.concat(
                                Stream.of(CpuLowering.standard()),
                                Stream.of(Precision.values()).map(CudaLowering::in))
                        .map(lowering -> Arguments.of(natives, lowering)));
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
                .hasMessage("program loss: node the node, operator Log on bf16, is not computed by CUDA with "
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
        assertThat(CudaKernels.of(CudaNatives.BYTEDECO).has("LayerNormalizationGrad", "f32"))
                .isTrue();
        assertThat(CudaKernels.of(CudaNatives.MICROSOFT).has("LayerNormalizationGrad", "f32"))
                .isFalse();
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
