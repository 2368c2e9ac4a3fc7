package io.bertfinetune.ort.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AliasRuleTest {
    private final Graph graph = new Graph();
    private final Value w = graph.input("w", DataType.FLOAT, Shape.of(4));
    private final Value g = graph.input("g", DataType.FLOAT, Shape.of(4));

    @Test
    void aWriterAfterAllReadersMayOverwrite() {
        Value decayed = w.times(0.9);
        Program program = Program.of("update", Map.of("new.w", decayed.minus(g)));

        assertThat(AliasRule.of(program).violation("new.w", "w")).isEmpty();
        assertThat(AliasRule.of(CpuLowering.standard().lower(program)).violation("new.w", "w"))
                .isEmpty();
    }

    @Test
    void aReaderThatMayComeLaterForbidsIt() {
        Program program = Program.of("update", Map.of("new.w", w.minus(g), "z", w.times(10)));

        assertThat(AliasRule.of(program).violation("new.w", "w"))
                .hasValueSatisfying(why -> assertThat(why).contains("Sub", "Mul", "may still have to read it"));
        AliasRule lowered = AliasRule.of(CpuLowering.standard().lower(program));
        assertThatThrownBy(() -> lowered.check(Map.of("new.w", "w")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("output new.w may not overwrite input w: node Sub#\\d writes it while node Mul#\\d"
                        + " may still have to read it");
    }

    @Test
    void anOperatorThatLooksElsewhereMayNotOverwrite() {
        Program program = Program.of("sums", Map.of("new.w", w.softmax()));

        assertThat(AliasRule.of(program).violation("new.w", "w"))
                .hasValueSatisfying(why -> assertThat(why).startsWith("node Softmax"));
    }
}
