package io.bertfinetune.ort.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final Dim BATCH = Dim.named("batch");
    private static final Dim SEQUENCE = Dim.named("sequence");

    @Test
    void axesMayBeCountedFromTheLast() {
        Shape shape = Shape.of(BATCH, SEQUENCE, Dim.of(4));

        assertThat(shape.rank()).isEqualTo(3);
        assertThat(shape.dim(0)).isEqualTo(BATCH);
        assertThat(shape.dim(-1)).isEqualTo(Dim.of(4));
        assertThat(shape.axis(-3)).isZero();
        assertThat(shape.with(-1, Dim.ONE)).isEqualTo(Shape.of(BATCH, SEQUENCE, Dim.ONE));
    }

    @Test
    void axisOutsideOfTheShapeIsRefused() {
        assertThatThrownBy(() -> Shape.of(2, 3).dim(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("axis 2 is outside of shape [2, 3]");
        assertThatThrownBy(() -> Shape.SCALAR.axis(-1)).hasMessage("axis -1 is outside of shape []");
    }

    @Test
    void sizeIsTheProductOfTheDimensions() {
        assertThat(Shape.of(2, 3).size()).isEqualTo(Dim.of(6));
        assertThat(Shape.SCALAR.size()).isEqualTo(Dim.ONE);
        assertThat(Shape.of(SEQUENCE, BATCH, Dim.of(4)).size())
                .isEqualTo(BATCH.times(SEQUENCE).times(Dim.of(4)));
    }

    @Test
    void becomesNumbersWhenNamesHaveValues() {
        Shape shape = Shape.of(BATCH, BATCH.times(SEQUENCE), Dim.of(4));

        assertThat(shape.isKnown()).isFalse();
        assertThat(shape.toArray(Map.of("batch", 2L, "sequence", 3L))).containsExactly(2, 6, 4);
        assertThat(Shape.of(2, 3).isKnown()).isTrue();
        assertThat(Shape.of(2, 3).toArray()).containsExactly(2, 3);
    }

    @Test
    void shapesBroadcastFromTheRight() {
        assertThat(Shape.of(2, 1, 4).broadcast(Shape.of(3, 1), Op.ADD)).isEqualTo(Shape.of(2, 3, 4));
        assertThat(Shape.SCALAR.broadcast(Shape.of(2), Op.ADD)).isEqualTo(Shape.of(2));
        assertThat(Shape.of(BATCH, Dim.ONE).broadcast(Shape.of(Dim.ONE, SEQUENCE), Op.ADD))
                .isEqualTo(Shape.of(BATCH, SEQUENCE));
    }

    @Test
    void shapesThatDoNotBroadcastAreRefused() {
        assertThatThrownBy(() -> Shape.of(2, 3).broadcast(Shape.of(2), Op.ADD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Add: shapes [2, 3] and [2] do not broadcast, 3 != 2");
        assertThatThrownBy(() -> Shape.of(BATCH).broadcast(Shape.of(SEQUENCE), Op.MUL))
                .hasMessage("Mul: shapes [batch] and [sequence] do not broadcast, batch != sequence");
    }

    @Test
    void knowsTheAxesAlongWhichItIsRepeated() {
        assertThat(Shape.of(3).repeatedAxes(Shape.of(2, 3))).containsExactly(0);
        assertThat(Shape.of(2, 1).repeatedAxes(Shape.of(2, 3))).containsExactly(1);
        assertThat(Shape.of(1, 3).repeatedAxes(Shape.of(4, 1, 3))).containsExactly(0);
        assertThat(Shape.of(2, 3).repeatedAxes(Shape.of(2, 3))).isEmpty();
        assertThat(Shape.of(Dim.ONE).repeatedAxes(Shape.of(BATCH))).containsExactly(0);
    }
}
