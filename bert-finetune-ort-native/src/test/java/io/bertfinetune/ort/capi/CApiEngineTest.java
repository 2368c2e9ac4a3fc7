package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.AllocationException;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.Numbers;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.CpuLowering;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class CApiEngineTest {
    @Test
    void whatWasNotClosedIsNamedAndClosed() {
        CApiEngine engine = CApiEngine.cpu(NativeBuild.MICROSOFT);
        DeviceTensor kept = engine.allocate(DataType.FLOAT, 3, 4);
        DeviceTensor view = kept.view(0, 2);
        engine.allocate(DataType.INT64, 7).close();
        DeviceTensor x = engine.allocate(DataType.FLOAT, 3);
        DeviceTensor y = engine.allocate(DataType.FLOAT, 3);
        Executable program = engine.compile(doubling());

        assertThat(engine.open())
                .containsExactly("tensor FLOAT[3, 4]", "tensor FLOAT[3]", "tensor FLOAT[3]", "program doubling");

        engine.close();

        assertThat(engine.open()).isEmpty();
        assertThatThrownBy(() -> Numbers.read(kept)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Numbers.read(view)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> program.run(Map.of("x", x), Map.of("y", y)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void closedEngineIsOfNoUse() {
        CApiEngine engine = CApiEngine.cpu(NativeBuild.MICROSOFT);

        engine.close();
        engine.close();

        assertThatThrownBy(() -> engine.allocate(DataType.FLOAT, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> engine.compile(doubling()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void buildsAndTheOfficialApiRunInOneProcess() {
        try (Engine official = OrtEngine.cpu();
                Engine microsoft = CApiEngine.cpu(NativeBuild.MICROSOFT);
                Engine bytedeco = CApiEngine.cpu(NativeBuild.BYTEDECO)) {
            for (Engine engine : List.of(official, microsoft, bytedeco, official)) {
                assertThat(doubled(engine)).as(engine.name()).containsExactly(2, 4, 6);
            }
        }
    }

    @Test
    void nothingThatOnnxRuntimeHoldsIsCollected() {
        try (CApiEngine engine = CApiEngine.cpu(NativeBuild.MICROSOFT);
                Executable program = engine.compile(doubling())) {
            for (int run = 0; run < 20; run++) {
                try (DeviceTensor x = Numbers.tensor(engine, DataType.FLOAT, new long[] {2}, run, -run);
                        DeviceTensor y = engine.allocate(DataType.FLOAT, 2)) {
                    System.gc();
                    program.run(Map.of("x", x), Map.of("y", y));

                    assertThat(Numbers.read(y)).containsExactly(2 * run, -2 * run);
                }
            }
            assertThat(engine.open()).containsExactly("program doubling");
        }
    }

    @Test
    void tensorOfAnotherEngineOfItsKindIsRefused() {
        try (CApiEngine one = CApiEngine.cpu(NativeBuild.MICROSOFT);
                CApiEngine other = CApiEngine.cpu(NativeBuild.BYTEDECO);
                Executable program = one.compile(doubling());
                DeviceTensor own = one.allocate(DataType.FLOAT, 3);
                DeviceTensor strange = other.allocate(DataType.FLOAT, 3)) {
            assertThatThrownBy(() -> program.run(Map.of("x", strange), Map.of("y", own)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("program doubling")
                    .hasMessageContaining("tensor x")
                    .hasMessageContaining("another engine");
        }
    }

    @Test
    void failedRunNamesProgramAndNode() {
        Graph graph = new Graph();
        Value table = graph.input("table", DataType.FLOAT, Shape.of(3, 2));
        Value ids = graph.input("ids", DataType.INT64, Shape.of(Dim.named("n")));
        Program lookup = Program.of("lookup", Map.of("rows", table.gather(ids)));
        try (CApiEngine engine = CApiEngine.cpu(NativeBuild.MICROSOFT);
                Executable program = engine.compile(lookup);
                DeviceTensor numbers = engine.allocate(DataType.FLOAT, 3, 2);
                DeviceTensor wrong = Numbers.tensor(engine, DataType.INT64, new long[] {1}, 9);
                DeviceTensor rows = engine.allocate(DataType.FLOAT, 1, 2)) {
            assertThatThrownBy(() -> program.run(Map.of("table", numbers, "ids", wrong), Map.of("rows", rows)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("program lookup failed")
                    .hasMessageContaining("Gather#");
            assertThat(engine.env().takeError())
                    .as("the last error in ONNX Runtime's log")
                    .contains("Gather#");
            assertThat(engine.env().takeError()).isEmpty();
        }
    }

    @Test
    void wantOfMemoryInsideAProgramIsToldFromOtherFailures() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(Dim.named("rows"), Dim.ONE));
        Value y = graph.input("y", DataType.FLOAT, Shape.of(Dim.ONE, Dim.named("columns")));
        Program program = Program.of("vast", Map.of("sum", x.plus(y).gelu().sum()));
        long size = 1 << 22; // the sum of both has 2^44 numbers, 64 TiB: more than there is anywhere
        try (CApiEngine engine = CApiEngine.cpu(NativeBuild.MICROSOFT);
                Executable vast = engine.compile(program);
                DeviceTensor rows = engine.allocate(DataType.FLOAT, size, 1);
                DeviceTensor columns = engine.allocate(DataType.FLOAT, 1, size);
                DeviceTensor sum = engine.allocate(DataType.FLOAT)) {
            assertThatThrownBy(() -> vast.run(Map.of("x", rows, "y", columns), Map.of("sum", sum)))
                    .isInstanceOf(AllocationException.class)
                    .hasMessageContaining("program vast failed for want of memory");
        }
    }

    @Test
    void refusedModelNamesProgramAndWhy() {
        CpuLowering lowering = CpuLowering.standard();
        try (CApiEngine engine =
                CApiEngine.cpu(NativeBuild.MICROSOFT, program -> Unknown.operator(lowering.lower(program)), 1)) {
            assertThatThrownBy(() -> engine.compile(doubling()))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("refuses program doubling")
                    .hasMessageContaining("NoSuchOperator");
        }
    }

    @Test
    void nameSaysVersionBuildAndThreads() {
        try (CApiEngine engine = CApiEngine.cpu(NativeBuild.BYTEDECO, CpuLowering.standard(), 3)) {
            assertThat(engine.name()).isEqualTo("ONNX Runtime 1.24.1 (bytedeco) on 3 threads");
            assertThat(engine.device()).isEqualTo(Device.cpu());
            assertThat(engine.isOnHost()).isTrue();
        }
    }

    @Test
    void anEngineNeedsAThread() {
        assertThatThrownBy(() -> CApiEngine.cpu(NativeBuild.MICROSOFT, CpuLowering.standard(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threads: 0");
    }

    @Test
    void buildForTheProcessorHasNoCuda() {
        assertThatThrownBy(() -> CApiEngine.cuda(NativeBuild.MICROSOFT, FusedKernels.NEVER, CudaOptions.of(0)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("microsoft has no CUDA")
                .hasMessageContaining("com.microsoft.onnxruntime:onnxruntime_gpu");
    }

    @Test
    void precisionWithoutALoweringIsRefused() {
        try (CApiEngine engine = CApiEngine.cpu(NativeBuild.MICROSOFT, CpuLowering.standard(), 1)) {
            assertThatThrownBy(() -> engine.compile(doubling(), Precision.BFLOAT16))
                    .isInstanceOf(EngineException.class)
                    .hasMessage(
                            "precision BFLOAT16: ONNX Runtime 1.28.0 (microsoft) on 1 threads computes in [FLOAT32]");
        }
    }

    private static double[] doubled(Engine engine) {
        try (Executable program = engine.compile(doubling());
                DeviceTensor x = Numbers.tensor(engine, DataType.FLOAT, new long[] {3}, 1, 2, 3);
                DeviceTensor y = engine.allocate(DataType.FLOAT, 3)) {
            program.run(Map.of("x", x), Map.of("y", y));
            return Numbers.read(y);
        }
    }

    private static Program doubling() {
        Value x = new Graph().input("x", DataType.FLOAT, Shape.of(Dim.named("n")));
        return Program.of("doubling", Map.of("y", x.times(2)));
    }
}
