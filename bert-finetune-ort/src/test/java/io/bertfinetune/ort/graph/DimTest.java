package io.bertfinetune.ort.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DimTest {
    private static final Dim BATCH = Dim.named("batch");
    private static final Dim SEQUENCE = Dim.named("sequence");

    @Test
    void productsAreEqualInAnyOrder() {
        assertThat(SEQUENCE.times(BATCH)).isEqualTo(BATCH.times(SEQUENCE));
        assertThat(new Dim(1, List.of("sequence", "batch"))).isEqualTo(BATCH.times(SEQUENCE));
        assertThat(Dim.of(2).times(BATCH).times(Dim.of(3))).isEqualTo(BATCH.times(Dim.of(6)));
        assertThat(BATCH.times(Dim.ONE)).isEqualTo(BATCH);
        assertThat(BATCH.times(BATCH)).isNotEqualTo(BATCH);
        assertThat(BATCH).isNotEqualTo(SEQUENCE);
    }

    @Test
    void knownDimensionsHaveASize() {
        assertThat(Dim.of(3).isKnown()).isTrue();
        assertThat(Dim.of(3).times(Dim.of(4)).size()).isEqualTo(12);
    }

    @Test
    void namedDimensionsHaveASizeOnceTheirNamesHaveValues() {
        Dim product = BATCH.times(SEQUENCE).times(Dim.of(2));

        assertThat(product.isKnown()).isFalse();
        assertThat(product.size(Map.of("batch", 3L, "sequence", 5L))).isEqualTo(30);
        assertThat(Dim.of(7).size(Map.of())).isEqualTo(7);
    }

    @Test
    void isWrittenAsAProduct() {
        assertThat(Dim.of(3)).hasToString("3");
        assertThat(BATCH).hasToString("batch");
        assertThat(SEQUENCE.times(BATCH)).hasToString("batch·sequence");
        assertThat(SEQUENCE.times(Dim.of(4))).hasToString("4·sequence");
    }

    @Test
    void negativeDimensionIsRefused() {
        assertThatThrownBy(() -> Dim.of(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimension -1 is negative");
    }

    @Test
    void sizeOfANameIsNotKnownBeforeTheGraphRuns() {
        assertThatThrownBy(() -> BATCH.times(SEQUENCE).size())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("dimension batch·sequence is not known before the graph runs");
    }

    @Test
    void nameWithoutAValueIsRefused() {
        assertThatThrownBy(() -> BATCH.size(Map.of("sequence", 3L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimension 'batch' has no value; there are [sequence]");
    }

    @Test
    void productBeyondALongIsRefused() {
        assertThatThrownBy(() -> Dim.of(Long.MAX_VALUE).times(Dim.of(2))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> BATCH.times(BATCH).size(Map.of("batch", Long.MAX_VALUE)))
                .isInstanceOf(ArithmeticException.class);
    }
}
