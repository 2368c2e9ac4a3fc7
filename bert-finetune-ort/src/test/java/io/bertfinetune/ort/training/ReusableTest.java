package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.AllocationException;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReusableTest {
    @Test
    void whereThereIsNoMemoryForALargerTensorASmallerOneIsStillToBeHad() {
        try (Reusable memory = new Reusable(new SmallEngine(100))) {
            memory.get("x", DataType.FLOAT, 4, 5);

            assertThatThrownBy(() -> memory.get("x", DataType.FLOAT, 1000)).isInstanceOf(AllocationException.class);
            DeviceTensor again = memory.get("x", DataType.FLOAT, 4, 5);
            again.write(bytes -> bytes.putFloat(1));

            assertThat(again.shape()).isEqualTo(List.of(4L, 5L));
        }
    }

    @Test
    void afterItIsClosedItBeginsWithNothing() {
        try (Reusable memory = new Reusable(new SmallEngine(100))) {
            memory.get("x", DataType.FLOAT, 50);
            memory.close();

            memory.get("x", DataType.FLOAT, 3).write(bytes -> bytes.putFloat(1));
        }
    }

    @Test
    void aTensorTheHostCannotReadAsOneIsWantOfMemory() {
        try (Reusable memory = new Reusable(new SmallEngine(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> memory.get("hidden_states", DataType.FLOAT, 1 << 10, 1 << 19))
                    .isInstanceOf(AllocationException.class)
                    .hasMessage("tensor hidden_states [1024, 524288] is larger than the 2 GB that the host reads as"
                            + " one; use a smaller batch");
        }
    }

    /** Has room for so many numbers at a time. */
    private record SmallEngine(long room) implements Engine {
        @Override
        public String name() {
            return "small";
        }

        @Override
        public DeviceTensor allocate(DataType type, long... shape) {
            long size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            if (size > room) {
                throw new AllocationException("no room for " + size);
            }
            return OrtEngine.cpu().allocate(type, shape);
        }

        @Override
        public Executable compile(Program program) {
            throw new AssertionError("nothing is compiled");
        }

        @Override
        public Executable compileForPieces(Program program) {
            throw new AssertionError("nothing is compiled");
        }

        @Override
        public void close() {}
    }
}
