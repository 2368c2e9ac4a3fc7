package io.bertfinetune.ort.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.bertfinetune.error.AllocationException;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrtEngineTest extends EngineContract {
    @Override
    protected Engine engine() {
        return OrtEngine.cpu();
    }

    @Test
    void wantOfMemoryInsideAProgramIsToldFromOtherFailures() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(Dim.named("rows"), Dim.ONE));
        Value y = graph.input("y", DataType.FLOAT, Shape.of(Dim.ONE, Dim.named("columns")));
        Program program = Program.of("vast", Map.of("sum", x.plus(y).gelu().sum()));
        long size = 1 << 22; // the sum of both has 2^44 numbers, 64 TiB: more than there is anywhere
        try (Engine engine = engine();
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
    void aTensorThatDoesNotFitIsAnAllocationException() {
        try (Engine engine = engine()) {
            assertThatThrownBy(() -> engine.allocate(DataType.FLOAT, 1L << 46))
                    .isInstanceOf(AllocationException.class)
                    .hasMessageContaining("no 281474976710656 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Failed to allocate memory for requested buffer of size 1024",
                "std::bad_alloc",
                "CUDA failure 2: out of memory"
            })
    void wordsForWantOfMemoryAreKnown(String said) {
        assertThat(Failure.of("program x failed", new OrtException(said)))
                .isInstanceOf(AllocationException.class)
                .hasMessage("program x failed for want of memory: " + said);
    }

    @Test
    void otherFailuresAreNot() {
        assertThat(Failure.of("program x failed", new OrtException("bad node")))
                .isNotInstanceOf(AllocationException.class)
                .hasMessage("program x failed: bad node");
    }
}
