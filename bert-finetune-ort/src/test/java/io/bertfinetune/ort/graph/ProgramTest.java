package io.bertfinetune.ort.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private final Graph graph = new Graph();
    private final Value x = graph.input("x", DataType.FLOAT, Shape.of(2));
    private final Value unused = graph.input("unused", DataType.FLOAT, Shape.of(2));
    private final Value z = graph.input("z", DataType.FLOAT, Shape.of(2));

    @Test
    void needsTheInputsItsOutputsRead() {
        x.plus(unused);

        Program program = Program.of("sum", Map.of("sum", x.plus(z)));

        assertThat(program.inputs()).containsExactly(Map.entry("x", x), Map.entry("z", z));
        assertThat(program.graph()).isSameAs(graph);
    }

    @Test
    void inputThatIsAnOutputIsNeeded() {
        assertThat(Program.of("copy", Map.of("copy", z)).inputs()).containsExactly(Map.entry("z", z));
    }

    @Test
    void outputsKeepTheirOrder() {
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("b", x.exp());
        outputs.put("a", x.tanh());

        assertThat(Program.of("two", outputs).outputs().keySet()).containsExactly("b", "a");
    }

    @Test
    void outputsOfTwoGraphsAreRefused() {
        Value other = new Graph().input("x", DataType.FLOAT, Shape.of(2));

        assertThatThrownBy(() -> Program.of("both", Map.of("a", x.times(2), "b", other.times(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is of another graph");
    }

    @Test
    void wantsSomething() {
        assertThatThrownBy(() -> Program.of("idle", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program idle: no outputs");
    }

    @Test
    void outputMayNotHaveTheNameOfAnInput() {
        assertThatThrownBy(() -> Program.of("same", Map.of("x", x.exp())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program same: outputs [x] and inputs [x, unused, z] share a name");
    }

    @Test
    void overwritesAnInputOfItsTypeAndShape() {
        Map<String, Value> sum = Map.of("sum", x.sum());

        assertThatThrownBy(() -> new Program("sum", sum, Map.of("sum", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program sum: output sum Reshape[] cannot overwrite input x x[2];"
                        + " expected an output and an input of the same type and shape");
        assertThatThrownBy(() -> new Program("sum", sum, Map.of("total", "x")))
                .hasMessageContaining("output total null");
        assertThatThrownBy(() -> new Program("sum", sum, Map.of("sum", "y"))).hasMessageContaining("input y null");
        assertThatThrownBy(() -> new Program("cut", Map.of("whole", x.cast(DataType.INT64)), Map.of("whole", "x")))
                .hasMessageContaining("output whole Cast[2] cannot overwrite input x");
    }
}
