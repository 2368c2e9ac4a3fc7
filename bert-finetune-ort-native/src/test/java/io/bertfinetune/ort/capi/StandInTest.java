package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The path to a GPU, as far as it goes without one. */
@Tag("long")
class StandInTest {
    @ParameterizedTest
    @EnumSource
    void theCheckFindsAUsableMachine(CudaNatives natives) {
        assertThat(StandIn.of(natives).run(Doctor.class, Map.of()).output())
                .contains("device:    cuda:0 stand-in, compute capability 9.0", "CUDA can be used.");
    }

    @ParameterizedTest
    @EnumSource
    void theCheckAsksTheDriver(CudaNatives natives) {
        StandIn standIn = StandIn.of(natives);

        assertThat(standIn.run(Doctor.class, Map.of("STAND_IN_STATUS", "100")).output())
                .contains("problem:   The NVIDIA driver shows no GPU");
        assertThat(standIn.run(Doctor.class, Map.of("STAND_IN_DRIVER", "11080")).output())
                .contains("problem:   The NVIDIA driver serves CUDA up to 11.8");
    }

    @ParameterizedTest
    @CsvSource({"BYTEDECO, true", "BYTEDECO, false", "MICROSOFT, true"})
    void everyOperatorAndItsGradientRunOnCudaInEveryPrecision(CudaNatives natives, boolean fused) {
        StandIn.Result result = StandIn.of(natives)
                .run(EveryProgram.class, Map.of("JAVA_TOOL_OPTIONS", "-Dio.bertfinetune.cuda.fused=" + fused));

        assertThat(result.number("programs")).isGreaterThan(200);
        assertThat(result.number("failures")).as(result.output()).isZero();
        assertThat(result.output().contains("operator LayerNormalizationGrad on f32"))
                .as("fused kernels are used where the build has them and nobody says no")
                .isEqualTo(fused && natives == CudaNatives.BYTEDECO);
        assertThat(CudaKernels.seenInPrograms())
                .as("kinds of nodes that the table knows from our programs alone have run again")
                .allSatisfy(row -> assertThat(result.output()).contains("ran: " + row));
    }

    @ParameterizedTest
    @EnumSource
    void whatTheHostWritesReachesTheDeviceAtEveryRun(CudaNatives natives) {
        StandIn.Result result = StandIn.of(natives).run(FreshBatch.class, Map.of());

        assertThat(result.output()).contains("there: 1.0\nthere: 9.0\n");
        assertThat(result.number("left")).isZero();
    }
}
