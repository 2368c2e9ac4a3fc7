package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.Lowering;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class FusedKernelsTest {
    @AfterEach
    void chooseNothing() {
        System.clearProperty(FusedKernels.PROPERTY);
    }

    @Test
    void aBuildIsAskedWhatItOffers() {
        assertThat(FusedKernels.areOffered(env(NativeBuild.BYTEDECO), Optional.empty()))
                .isTrue();
        assertThat(FusedKernels.areOffered(env(NativeBuild.MICROSOFT), Optional.empty()))
                .isFalse();
    }

    @Test
    void askingLeavesNoErrorBehind() {
        OrtEnv env = env(NativeBuild.MICROSOFT);
        env.takeError();

        FusedKernels.areOffered(env, Optional.empty());

        assertThat(env.takeError()).isEmpty();
    }

    @Test
    void whereTheyAreOfferedTheyAreUsedInEveryPrecision() {
        Map<Precision, Lowering> lowerings =
                FusedKernels.WHERE_OFFERED.lowerings(env(NativeBuild.BYTEDECO), Optional.empty());

        assertThat(lowerings).containsOnlyKeys(Precision.values());
        assertThat(lowerings.values())
                .allSatisfy(lowering -> assertThat(operators(lowering))
                        .contains("SoftmaxGrad_13", "LayerNormalizationGrad", "GeluGrad"));
    }

    @Test
    void elsewhereAndOnRequestOperatorsArePlain() {
        assertThat(operators(FusedKernels.WHERE_OFFERED
                        .lowerings(env(NativeBuild.MICROSOFT), Optional.empty())
                        .get(Precision.FLOAT32)))
                .noneMatch(operator -> operator.contains("Grad"));
        assertThat(operators(FusedKernels.NEVER
                        .lowerings(env(NativeBuild.BYTEDECO), Optional.empty())
                        .get(Precision.FLOAT32)))
                .noneMatch(operator -> operator.contains("Grad"));
    }

    @Test
    void aPropertySwitchesThemOff() {
        assertThat(FusedKernels.chosen()).isEqualTo(FusedKernels.WHERE_OFFERED);

        System.setProperty(FusedKernels.PROPERTY, "false");

        assertThat(FusedKernels.chosen()).isEqualTo(FusedKernels.NEVER);
    }

    private static OrtEnv env(NativeBuild build) {
        return Natives.load(build).env();
    }

    private static List<String> operators(Lowering lowering) {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(3, 4));
        Value row = graph.input("row", DataType.FLOAT, Shape.of(4));
        Value loss = x.layerNorm(row, row, 1e-12).gelu().softmax().times(x).sum();
        Value gradient = Autodiff.gradients(loss, List.of(x)).get(x);
        return lowering.lower(Program.of("step", Map.of("gradient", gradient))).graph().nodes().stream()
                .map(OnnxNode::opType)
                .toList();
    }
}
