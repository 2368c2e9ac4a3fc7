package io.bertfinetune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SpanTest {
    @Test
    void coversCharacters() {
        assertThat(new Span(4, 12).in("Ada Lovelace")).isEqualTo("Lovelace");
        assertThat(new Span(3, 3).in("Ada")).isEmpty();
        assertThat(new Span(0, 12)).hasToString("0..12");
    }

    @Test
    void anEndAfterTheTextIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Span(2, 4).in("Ada"))
                .withMessage("Span: 2..4 ends after the text, which has 3 characters");
    }

    @Test
    void whatIsNoStretchIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Span(-1, 2)).withMessageContaining("-1..2");
        assertThatIllegalArgumentException().isThrownBy(() -> new Span(3, 2)).withMessageContaining("3..2");
    }
}
